import type { Dependency, Manifest } from "./manifest.ts";

/** Reads a go.mod: its module, and what it requires directly. */
export function readGo(text: string): Manifest {
  const dependencies: Dependency[] = [];
  let name: string | undefined;
  let within = false;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    name ??= /^module\s+"?([^"\s]+)/.exec(line)?.[1];
    if (/^require\s*\(/.test(line)) within = true;
    else if (within && line.startsWith(")")) within = false;
    else {
      const wanted = within ? line : (/^require\s+(.+)$/.exec(line)?.[1] ?? "");
      const [, path] = /^([^\s/]+\.[^\s]+)\s+v\S+/.exec(wanted) ?? [];
      // What only dependencies need is not the project's own choice.
      const indirect = /\/\/\s*indirect/.test(line);
      if (path !== undefined && !indirect) {
        dependencies.push({ name: path, line: index + 1, dev: false });
      }
    }
  }
  return { name, version: undefined, description: undefined, dependencies };
}
