import { readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync, type ParseResult } from "oxc-parser";

/** One file of the tree; a planted one need not exist. */
export interface Source {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Something that breaks a rule of the house, and where. */
export type Offence = string;

/** The folder of the whole project. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

const folders = ["server", "clients", "web", "tests", "tools", "examples"];
const skipped = new Set(["node_modules", "dist", ".foedus"]);

/** All TypeScript that people write here. */
export function readSources(): Source[] {
  return folders.flatMap((folder) => walk(join(root, folder), /\.(ts|tsx|mts|mjs)$/));
}

/** All schemas that people write here. */
export function readSchemas(): Source[] {
  return walk(join(root, "proto"), /\.proto$/);
}

/** All migrations. */
export function readMigrations(): Source[] {
  return walk(join(root, "migrations"), /\.sql$/);
}

/** Whether a file is a test, or there for tests only. */
export function isTest(path: string): boolean {
  return path.startsWith("tests/") || /\.(test|e2e)\.tsx?$/.test(path);
}

function walk(folder: string, wanted: RegExp): Source[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : walk(path, wanted);
    if (!wanted.test(entry.name)) return [];
    const name = relative(root, path).split(sep).join("/");
    return [{ path: name, text: readFileSync(path, "utf8") }];
  });
}

const parsed = new WeakMap<Source, ParseResult>();

/** The syntax tree of a file; a file that does not parse is nobody's to judge. */
export function parse(source: Source): ParseResult {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const result = parseSync(source.path, source.text);
  const [error] = result.errors;
  if (error !== undefined) throw new Error(`${source.path}: ${error.message}`);
  parsed.set(source, result);
  return result;
}

/** The line, from 1, of a place in a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
