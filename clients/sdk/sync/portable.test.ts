import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const entry = "clients/sdk/sync/open.ts";
/** What a module brings along when it runs: types are gone by then. */
const imported = /^(?:import|export)\s+(?!type\b)(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm;

function walk(file: string, seen = new Map<string, string[]>()): Map<string, string[]> {
  if (seen.has(file)) return seen;
  const text = readFileSync(join(root, file), "utf8");
  const names = [...text.matchAll(imported)].map(([, name]) => name ?? "");
  seen.set(file, names);
  for (const name of names) {
    const target = name.startsWith("@foedus/kernel/")
      ? name.replace("@foedus/kernel/", "server/kernel/")
      : name.startsWith("@foedus/sdk/")
        ? name.replace("@foedus/sdk/", "clients/sdk/")
        : join(dirname(file), name);
    const isOurs = name.startsWith(".") || /^@foedus\/(kernel|sdk)\//.test(name);
    if (isOurs && existsSync(join(root, target))) walk(target, seen);
  }
  return seen;
}

test("what a browser loads of the SDK imports nothing of Node", () => {
  const modules = walk(entry);
  const allowed = /^(\.|@foedus\/|@bufbuild\/protobuf(\/|$)|@connectrpc\/connect(-web)?$)/;
  const others = [...modules].flatMap(([file, names]) =>
    names.filter((name) => !allowed.test(name)).map((name) => `${file}: ${name}`),
  );
  expect(others).toEqual([]);
  // A walk that stops at the door proves nothing.
  for (const file of ["server/kernel/sync/spoke.ts", "server/kernel/world.real.ts"]) {
    expect([...modules.keys()]).toContain(file);
  }
  expect([...walk("clients/sdk/sync/node.ts").values()].flat()).toContain("node:sqlite");
});

test("it bundles for browsers, small and without a stand-in for a module of Node", async () => {
  const bundled = await build({
    root,
    configFile: false,
    logLevel: "silent",
    build: { write: false, target: "es2022", lib: { entry, formats: ["es"], fileName: "sync" } },
  });
  const [first] = Array.isArray(bundled) ? bundled : [];
  const code = first?.output.map((part) => ("code" in part ? part.code : "")).join("") ?? "";
  expect(code.length).toBeGreaterThan(50_000);
  expect(code.length).toBeLessThan(500_000);
  expect(code).not.toMatch(/browser-external|from "node:|\bBuffer\.from\(/);
});
