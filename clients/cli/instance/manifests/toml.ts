import type { Dependency, Manifest } from "./manifest.ts";

/** One `key = value` of a TOML file, as far as manifests need it. */
interface Entry {
  readonly table: string;
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** Reads a Cargo.toml: `[package]`, and the tables of dependencies. */
export function readCargo(text: string): Manifest {
  const entries = entriesOf(text);
  const dependencies = entries.flatMap(({ table, key, value, line }): Dependency[] => {
    const [, kind = ""] = /(?:^|\.)((?:dev-|build-)?dependencies)$/.exec(table) ?? [];
    if (kind === "") return [];
    const name = /package\s*=\s*"([^"]+)"/.exec(value)?.[1] ?? key;
    return [{ name, line, dev: kind === "dev-dependencies" }];
  });
  return { ...namesOf(entries, "package"), dependencies };
}

/** Reads a pyproject.toml: `[project]`, its lists of requirements, and Poetry's tables. */
export function readPython(text: string): Manifest {
  const entries = entriesOf(text);
  const dependencies = [
    ...requirements(text, "project", "dependencies", false),
    ...tablesUnder(entries, /^tool\.poetry\.dependencies$/, false),
    ...tablesUnder(entries, /^tool\.poetry\.(dev-dependencies|group\..+\.dependencies)$/, true),
  ];
  const named = namesOf(entries, "project");
  const own = named.name === undefined ? namesOf(entries, "tool.poetry") : named;
  return { ...own, dependencies: dependencies.filter(({ name }) => name !== "python") };
}

function namesOf(entries: readonly Entry[], table: string): Omit<Manifest, "dependencies"> {
  const textAt = (key: string) => {
    const value = entries.find((one) => one.table === table && one.key === key)?.value;
    return /^["'](.+?)["']/.exec(value ?? "")?.[1];
  };
  return { name: textAt("name"), version: textAt("version"), description: textAt("description") };
}

function tablesUnder(entries: readonly Entry[], tables: RegExp, dev: boolean): Dependency[] {
  return entries
    .filter(({ table }) => tables.test(table))
    .map(({ key, line }) => ({ name: key, line, dev }));
}

/** The quoted requirements of a list that may span lines: `dependencies = ["a>=1", "b"]`. */
function requirements(text: string, table: string, key: string, dev: boolean): Dependency[] {
  const found: Dependency[] = [];
  let current = "";
  let within = false;
  for (const [index, line] of text.split("\n").entries()) {
    const header = /^\s*\[([^[\]]+)\]\s*(#.*)?$/.exec(line);
    if (header !== null && !within) current = header[1]?.trim() ?? "";
    if (current === table && new RegExp(`^\\s*${key}\\s*=\\s*\\[`).test(line)) within = true;
    if (!within) continue;
    for (const [, name = ""] of line.matchAll(/["']\s*([A-Za-z0-9][A-Za-z0-9._-]*)/g)) {
      found.push({ name, line: index + 1, dev });
    }
    if (/\]\s*,?\s*(#.*)?$/.test(line)) within = false;
  }
  return found;
}

function entriesOf(text: string): Entry[] {
  let table = "";
  return text.split("\n").flatMap((line, index): Entry[] => {
    const header = /^\s*\[([^[\]]+)\]/.exec(line);
    if (header !== null) {
      table = (header[1] ?? "").trim();
      return [];
    }
    const [, key, value] = /^\s*"?([A-Za-z0-9_.-]+)"?\s*=\s*(.+?)\s*$/.exec(line) ?? [];
    if (key === undefined || value === undefined) return [];
    return [{ table, key, value, line: index + 1 }];
  });
}
