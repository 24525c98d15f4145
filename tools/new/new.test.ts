import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { chmodSync, existsSync, readFileSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { boundaryOffences } from "../../tests/architecture/boundaries.ts";
import { clockOffences, sqlOffences } from "../../tests/architecture/code.ts";
import { wordOffences } from "../../tests/architecture/words.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const left = new Set(["node_modules", ".git", ".foedus", ".tools", "dist"]);
/** Everything is generated, checked and tested once more. */
const timeoutMs = 600_000;
let copy: string;

/** The tree without what is installed, and its packages linked so that ours are the copy's own. */
beforeAll(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), "foedus-new-")));
  chmodSync(copy, 0o711);
  cpSync(root, copy, {
    recursive: true,
    filter: (path) => !left.has(path.split("/").at(-1) ?? ""),
  });
  const modules = join(copy, "node_modules");
  mkdirSync(join(modules, "@foedus"), { recursive: true });
  const names = readdirSync(join(root, "node_modules")).filter((name) => name !== "@foedus");
  for (const name of names) symlinkSync(join(root, "node_modules", name), join(modules, name));
  for (const name of readdirSync(join(root, "node_modules/@foedus"))) {
    const own = realpathSync(join(root, "node_modules/@foedus", name));
    symlinkSync(join(copy, relative(root, own)), join(modules, "@foedus", name));
  }
  linkInner("web");
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** A workspace may have packages of its own. */
function linkInner(workspace: string): void {
  const inner = join(root, workspace, "node_modules");
  if (existsSync(inner)) symlinkSync(inner, join(copy, workspace, "node_modules"));
}

/** Runs a program in the copy, and returns what it wrote if it failed. */
function failureOf(program: string, ...args: string[]): string {
  const path = `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`;
  const env = { ...process.env, PATH: path, NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: copy, encoding: "utf8", env });
  return status === 0 ? "" : `${program} ${args.join(" ")}\n${stdout}${stderr}`.slice(-4_000);
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(copy, folder)).map((name) => `${folder}/${name}`);
}

test("a new capability compiles, passes every check, and works", { timeout: timeoutMs }, () => {
  expect(failureOf("node", "tools/new/new.ts", "parcel", "--chapter", "Work")).toBe("");
  expect(failureOf("tsc", "-p", "tsconfig.json")).toBe("");
  expect(failureOf("tsc", "-p", "web/tsconfig.json")).toBe("");
  const written = [
    "server/capabilities/parcel",
    "clients/cli/commands/parcel.ts",
    "web/panels/parcel",
    "server/capabilities.ts",
    "clients/cli/commands.ts",
    "web/shell/chapters.ts",
    "web/shell/routes.tsx",
  ];
  expect(failureOf("oxlint", "--type-aware", ...written)).toBe("");
  expect(failureOf("oxfmt", "--check", ...written)).toBe("");
  expect(failureOf("buf", "lint")).toBe("");
  expect(failureOf("buf", "format", "--diff", "--exit-code", "--path", "proto/foedus/parcel")).toBe(
    "",
  );
  const projects = ["--project", "unit", "--project", "pg"];
  expect(failureOf("vitest", "run", ...projects, "server/capabilities/parcel")).toBe("");
  const sources = sourcesIn("server/capabilities/parcel").map((path) => {
    return { path, text: readFileSync(join(copy, path), "utf8") };
  });
  expect(sources).toHaveLength(6);
  const judges = [boundaryOffences, wordOffences, sqlOffences, clockOffences];
  expect(judges.flatMap((judge) => judge(sources))).toEqual([]);
});

test("a capability that is there, or no chapter, is refused and writes nothing", () => {
  expect(failureOf("node", "tools/new/new.ts", "event")).toContain("is there already");
  expect(failureOf("node", "tools/new/new.ts", "letter", "--chapter", "Sing")).toContain("one of");
  expect(existsSync(join(copy, "server/capabilities/letter"))).toBe(false);
});
