/** A package.json, as far as a release looks at it. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** What keeps a version from being released; empty when nothing does. */
export function obstacles(
  version: string,
  packages: readonly Manifest[],
  changelog: string,
): string[] {
  const own = new Set(packages.map(({ name }) => name));
  return [
    ...packages.flatMap((manifest) => [
      ...(manifest.version === version ? [] : [`${manifest.name} is ${manifest.version}`]),
      ...Object.entries(manifest.dependencies ?? {})
        .filter(([name, wanted]) => own.has(name) && wanted !== version)
        .map(([name, wanted]) => `${manifest.name} asks for ${name} ${wanted}`),
    ]),
    ...(linesOf(changelog, version).length > 0
      ? []
      : [`CHANGELOG.md says nothing under "## ${version}"`]),
  ];
}

/** What the changelog tells of a version. */
export function linesOf(changelog: string, version: string): string[] {
  const lines = changelog.split("\n");
  const start = lines.findIndex((line) => line === `## ${version}`);
  if (start < 0) return [];
  const after = lines.slice(start + 1);
  const end = after.findIndex((line) => /^##? /.test(line));
  return after.slice(0, end < 0 ? after.length : end).filter((line) => line.trim() !== "");
}
