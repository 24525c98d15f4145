import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { boundaryOffences } from "./boundaries.ts";
import { readSources, root } from "./tree.ts";

/** There are more files than this, also where no git says how many. */
const filesMin = 150;

test("a checker that reads nothing finds nothing, so every file there is was read", () => {
  const read = new Set(readSources().map((source) => source.path));
  const folders = ["server", "clients", "web", "tests", "tools", "examples"];
  const listed = spawnSync("git", ["ls-files", ...folders], { cwd: root, encoding: "utf8" }).stdout;
  const tracked = listed.split("\n").filter((path) => /\.(ts|tsx|mts|mjs)$/.test(path));
  const there = tracked.filter((path) => existsSync(join(root, path)));
  expect(there.filter((path) => !read.has(path))).toEqual([]);
  expect(read.size).toBeGreaterThan(filesMin);
});

test("every file imports only what its layer may", () => {
  expect(boundaryOffences(readSources())).toEqual([]);
});

test.each([
  ["a static import", 'import { x } from "../runtime/log.ts";'],
  ["a type", 'import type { Log } from "../runtime/log.ts";'],
  ["an inline type", 'type Log = import("../runtime/log.ts").Log;'],
  ["a re-export", 'export { x } from "../runtime/log.ts";'],
  ["a re-export of everything", 'export * from "../runtime/log.ts";'],
  ["a dynamic import", 'const x = await import("../runtime/log.ts");'],
  ["a module of Node", 'import { readFile } from "node:fs";'],
  ["a package", 'import pg from "pg";'],
  ["a computed name", "const x = await import(name);"],
])("the kernel is caught with %s", (_form, text) => {
  expect(boundaryOffences([{ path: "server/kernel/planted.ts", text }])).toHaveLength(1);
});

test.each([
  ["server/capabilities/node/node.rpc.ts", "../event/event.ts", "node may not import"],
  ["server/capabilities/node/node.ts", "./node.store.ts", "rules may not import store"],
  ["server/capabilities/node/node.ts", "../../runtime/log.ts", "rules may not import runtime"],
  ["server/capabilities/node/node.ts", "node:fs", "rules may not use node:fs"],
  ["server/capabilities/node/node.store.ts", "../../runtime/calls.ts", "may not import runtime"],
  ["server/capabilities/node/node.store.ts", "./node.rpc.ts", "store may not import rpc"],
  ["server/runtime/planted.ts", "../capabilities/node/index.ts", "runtime may not import index"],
  ["server/main.ts", "./capabilities.ts", "entry may not import list"],
  ["clients/sdk/planted.ts", "../../server/runtime/log.ts", "sdk may not import runtime"],
  ["clients/sdk/planted.ts", "../cli/main.ts", "sdk may not import cli"],
  ["clients/cli/planted.ts", "../../server/boot.ts", "cli may not import boot"],
  ["web/planted.ts", "@foedus/kernel/fault.ts", "web may not import kernel"],
  ["web/planted.ts", "../tools/check.ts", "belongs to no layer"],
  ["clients/sdk/planted.ts", "pg", "not among the dependencies"],
])("%s may not import %s", (path, specifier, problem) => {
  const [offence] = boundaryOffences([{ path, text: `import { x } from "${specifier}";` }]);
  expect(offence).toContain(`${path}:1: `);
  expect(offence).toContain(problem);
});

test("a file of no layer is an offence by itself", () => {
  const path = "server/capabilities/node/node.helper.ts";
  expect(boundaryOffences([{ path, text: "" }])).toEqual([
    `${path}: no layer of the house has such files`,
  ]);
});

test.each([
  ["server/capabilities/node/node.rpc.ts", "./node.store.ts"],
  ["server/capabilities/node/node.store.ts", "../../runtime/write.ts"],
  ["server/capabilities/node/node.ts", "@foedus/kernel/fault.ts"],
  ["clients/cli/planted.ts", "../../server/main.ts"],
  ["tools/planted.ts", "../server/runtime/log.ts"],
])("%s may import %s", (path, specifier) => {
  expect(boundaryOffences([{ path, text: `import { x } from "${specifier}";` }])).toEqual([]);
});
