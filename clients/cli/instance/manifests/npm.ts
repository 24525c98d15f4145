import type { Dependency, Manifest } from "./manifest.ts";
import { emptyManifest } from "./manifest.ts";

const sections: Readonly<Record<string, boolean>> = {
  dependencies: false,
  peerDependencies: false,
  optionalDependencies: false,
  devDependencies: true,
};

/** Reads a package.json. */
export function readNpm(text: string): Manifest {
  const json = parse(text);
  if (json === undefined) return emptyManifest;
  const lines = text.split("\n");
  const dependencies = Object.entries(sections).flatMap(([section, dev]) => {
    return Object.keys(asObject(json[section])).map((name): Dependency => {
      return { name, dev, line: lineOf(lines, section, name) };
    });
  });
  const seen = new Set<string>();
  return {
    name: textOf(json.name),
    version: textOf(json.version),
    description: textOf(json.description),
    // What is needed to run comes first, and counts.
    dependencies: dependencies.filter(({ name }) => !seen.has(name) && seen.add(name)),
  };
}

/** The line of the name within its section. */
function lineOf(lines: readonly string[], section: string, name: string): number {
  const from = lines.findIndex((line) => line.includes(`"${section}"`));
  const at = lines.findIndex((line, index) => index >= from && line.includes(`"${name}"`));
  return Math.max(at, 0) + 1;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
