import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hex } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { IntegrationEdge_Kind as Kind } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readProject, slugOf } from "./project.ts";
import { openReports } from "./reports/read.ts";
import { openScanner } from "./scan.ts";

let around: string;

beforeEach(() => (around = mkdtempSync(join(tmpdir(), "foedus-project-"))));
afterEach(() => rmSync(around, { recursive: true, force: true }));

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(around, path)), { recursive: true });
  writeFileSync(join(around, path), text);
}

const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "tag.gpgSign=false"];

function git(...args: string[]): string {
  return execFileSync("git", [...who, ...args], { cwd: around })
    .toString()
    .trim();
}

function read(folder: string, provided: readonly string[] = [], scanner = openScanner()) {
  const slug = slugOf(folder);
  const facts = { title: undefined, url: "", nowMs: 1_000, provided: new Set(provided) };
  const path = join(around, folder);
  return readProject({ ...facts, folder: path, slug, scanner, reports: openReports(path) });
}

test("outside of git, files are counted and what has no source stays unset", async () => {
  write("app/main.ts", "one\ntwo\nthree");
  write("app/readme.md", "one\n");
  write("app/empty.py", "");
  write("app/node_modules/x/index.js", "not ours\n");
  write("app/dist/main.js", "not ours\n");
  const { summary, title, version } = await read("app");
  expect(summary).toMatchObject({ projectSlug: "app", files: 3n, lines: 4n, tags: [] });
  expect(summary.languages).toEqual([
    { language: "TypeScript", files: 1n, lines: 3n },
    { language: "Markdown", files: 1n, lines: 1n },
    { language: "Python", files: 1n, lines: 0n },
  ]);
  expect([summary.lastCommit, summary.shallow]).toEqual([undefined, undefined]);
  expect([title, version]).toEqual(["App", ""]);
});

test("what is left out is said", async () => {
  write("app/large.ts", "x".repeat(1_048_577));
  write("app/exact.ts", "x".repeat(1_048_576));
  write("app/image.png", new Uint8Array([137, 80, 0, 1]));
  write("app/main.ts", "x\n");
  symlinkSync("main.ts", join(around, "app/link.ts"));
  const { summary } = await read("app");
  expect(summary).toMatchObject({ files: 2n, lines: 2n });
  expect(summary.leftOut?.toSorted()).toEqual([
    "1 larger than 1 MiB",
    "1 not text",
    "1 symbolic links",
  ]);
});

test("in git, .gitignore counts, and the last commit is the folder's own", async () => {
  git("init", "--quiet");
  write(".gitignore", "secret.txt\nbuilt/\n");
  write("app/main.ts", "x\n");
  git("add", ".");
  git("commit", "--quiet", "-m", "app: begin");
  const hash = git("rev-parse", "HEAD");
  git("tag", "v1.0.0");
  write("other/main.ts", "x\n");
  git("add", ".");
  git("commit", "--quiet", "-m", "other: begin");
  write("app/new.ts", "not added yet\n");
  write("app/secret.txt", "ignored\n");
  write("app/built/main.js", "ignored\n");
  const { summary } = await read("app");
  expect(summary).toMatchObject({ files: 2n, lines: 2n, shallow: false, tags: ["v1.0.0"] });
  expect(summary.lastCommit).toMatchObject({ hash, subject: "app: begin", author: "Ada" });
});

test("a shallow clone says so", async () => {
  mkdirSync(join(around, "deep"));
  const deep = (...args: string[]) => git("-C", "deep", ...args);
  deep("init", "--quiet");
  write("deep/main.ts", "x\n");
  deep("add", ".");
  deep("commit", "--quiet", "-m", "one");
  deep("commit", "--quiet", "--allow-empty", "-m", "two");
  git("clone", "--quiet", "--depth", "1", `file://${join(around, "deep")}`, "shallow");
  expect((await read("shallow")).summary.shallow).toBe(true);
  expect((await read("deep")).summary.shallow).toBe(false);
});

test("the digest follows the content, whoever reads it, and a deleted file is gone", async () => {
  git("init", "--quiet");
  write("app/a.ts", "a\n");
  write("app/b.ts", "b\n");
  git("add", ".");
  const scanner = openScanner();
  const one = (await read("app", [], scanner)).summary.digest;
  expect((await read("app")).summary.digest).toBe(one);
  write("app/b.ts", "c\n");
  const two = (await read("app", [], scanner)).summary.digest;
  expect(two).not.toBe(one);
  rmSync(join(around, "app/b.ts"));
  const three = (await read("app", [], scanner)).summary;
  expect(three).toMatchObject({ files: 1n, leftOut: [] });
});

test("edges are dependencies on neighbours, with manifest, line and digest", async () => {
  git("init", "--quiet");
  const manifest = `{
  "name": "app",
  "version": "1.2.3",
  "description": "What people use",
  "dependencies": {
    "react": "19.0.0",
    "@x/gen": "1.0.0",
    "@x/kernel": "1.0.0"
  },
  "devDependencies": { "@x/tools": "1.0.0", "@y/far": "1.0.0" }
}
`;
  write("app/package.json", manifest);
  write("app/inner/package.json", '{ "name": "@x/inner", "dependencies": { "app": "1" } }\n');
  write("gen/package.json", '{ "name": "@x/gen" }\n');
  write("gen/proto/a/a_pb.js", "export {};\n");
  write("kernel/package.json", '{ "name": "@x/kernel" }\n');
  write("tools/package.json", '{ "name": "@x/tools" }\n');
  const { edges, presence, version, description } = await read("app", ["@y/far", "nobody-wants"]);
  const proof = (line: number) => {
    return { manifest: "package.json", line, digest: hex(sha256(manifest)) };
  };
  const edge = (toPackage: string, kind: Kind, strength: number, line: number) => ({
    subject: `package.json -> ${toPackage}`,
    edge: { fromProject: "app", toPackage, kind, strength, proof: proof(line) },
  });
  expect(edges).toEqual([
    edge("@x/gen", Kind.SHARED_SCHEMA, 1, 7),
    edge("@x/kernel", Kind.PACKAGE, 1, 8),
    edge("@x/tools", Kind.PACKAGE, 0.5, 10),
    edge("@y/far", Kind.PACKAGE, 0.5, 10),
  ]);
  expect(presence.packages).toEqual([
    { name: "app", version: "1.2.3", manifest: "package.json" },
    { name: "@x/inner", version: "", manifest: "inner/package.json" },
  ]);
  expect([version, description]).toEqual(["1.2.3", "What people use"]);
});

test("outside of git a workspace above tells the neighbours", async () => {
  write("package.json", '{ "name": "all", "workspaces": ["app", "lib"] }\n');
  write("app/package.json", '{ "name": "app", "dependencies": { "lib": "1", "left-pad": "1" } }\n');
  write("lib/package.json", '{ "name": "lib" }\n');
  const { edges } = await read("app");
  expect(edges.map(({ edge }) => edge.toPackage)).toEqual(["lib"]);
});

test("a folder that is none is refused by name", async () => {
  write("file", "");
  await expect(read("nowhere")).rejects.toMatchObject({ reason: Reason.PROJECT_UNREADABLE });
  await expect(read("file")).rejects.toMatchObject({ reason: Reason.PROJECT_UNREADABLE });
});

test.each([
  ["My App", "my-app"],
  ["..odd__name!", "odd-name"],
  ["日本", "project"],
  ["x".repeat(80), "x".repeat(63)],
])("%s has the slug %s", (folder, slug) => {
  expect(slugOf(folder)).toBe(slug);
});
