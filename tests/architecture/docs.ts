import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { anchor } from "../../tools/docs/markdown.ts";
import { root, type Offence } from "./tree.ts";

/** A page of documentation; a planted one need not exist. */
export interface Doc {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

const folders = ["", "docs", "deploy", "examples", "server", "clients", "web", "tests"];

/** All pages that people read: those of the root, and whatever lies in the documented folders. */
export function readDocs(): Doc[] {
  return folders.flatMap((folder) => {
    const names = readdirSync(join(root, folder), {
      encoding: "utf8",
      recursive: folder !== "",
    });
    return names
      .filter((name) => name.endsWith(".md") && !/(^|\/)(node_modules|dist|\.foedus)\//.test(name))
      .map((name) => join(folder, name))
      .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
  });
}

/** Links and code-quoted paths that lead nowhere. */
export function linkOffences(docs: readonly Doc[]): Offence[] {
  return docs.flatMap((doc) => [
    ...linksOf(doc).flatMap((link) => linkOffence(doc, link)),
    ...pathsOf(doc).flatMap((path) =>
      ["", "server"].some((below) => existsSync(join(root, below, path)))
        ? []
        : [`${doc.path}: there is no ${path}`],
    ),
  ]);
}

/** Targets of links and images, save in code. */
function linksOf({ text }: Doc): string[] {
  const prose = text.replaceAll(/^```[^]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].flatMap(([, target]) => target ?? []);
}

const folderNames =
  "capabilities|clients|deploy|docs|kernel|migrations|proto|runtime|server|tests|tools|web";

/** Whole paths in code, e.g. `runtime/tiers.ts`; those of the hub may begin below server/. */
function pathsOf({ path, text }: Doc): string[] {
  if (path === "CHANGELOG.md") return []; // It tells of what was.
  const named = new RegExp(`\`((?:${folderNames})/[\\w./-]+)\``, "g");
  return [...text.matchAll(named)].flatMap(([, found]) => found ?? []);
}

function linkOffence(doc: Doc, link: string): Offence[] {
  if (/^[a-z]+:/.test(link)) return [];
  const [file = "", fragment] = link.split("#");
  const target = file === "" ? doc.path : normalize(join(dirname(doc.path), file));
  if (!existsSync(join(root, target)) && target !== doc.path) {
    return [`${doc.path}: ${link} leads nowhere`];
  }
  if (fragment === undefined || !target.endsWith(".md")) return [];
  const text = target === doc.path ? doc.text : readFileSync(join(root, target), "utf8");
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchor(heading));
  return headings.includes(fragment) ? [] : [`${doc.path}: ${link} names no heading`];
}

/** Packages that a manifest names and the record does not explain, and the other way round. */
export function dependencyOffences(names: ReadonlySet<string>, record: string): Offence[] {
  const rows = [...record.matchAll(/^\| `([^`]+)` +\|(.*)\|$/gm)];
  const explained = new Map(rows.map(([, name = "", rest = ""]) => [name, rest]));
  const empty = rows.filter(([, , rest = ""]) => rest.split("|").some((cell) => !/\S/.test(cell)));
  return [
    ...[...names].filter((name) => !explained.has(name)).map((name) => `${name} has no line`),
    ...[...explained.keys()]
      .filter((name) => !names.has(name))
      .map((name) => `${name} has a line and is no dependency`),
    ...empty.map(([, name]) => `the line of ${name} says too little`),
  ];
}

/** The packages of others that the manifests of this repository name. */
export function directDependencies(): Set<string> {
  const own = readManifest(".");
  const manifests = [".", ...(own.workspaces ?? [])].map(readManifest);
  const names = manifests.flatMap((manifest) => [
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.devDependencies ?? {}),
    ...Object.keys(manifest.optionalDependencies ?? {}),
  ]);
  return new Set(names.filter((name) => !name.startsWith("@foedus/")));
}

interface Manifest {
  readonly workspaces?: readonly string[];
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
}
