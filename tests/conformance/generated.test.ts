// What clients/python and clients/go are generated from is the schema as it is now.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import {
  go,
  goEnvironment,
  isAtHand,
  python,
  pythonTools,
} from "../../tools/third-party/toolchain.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The first time packages are fetched and compiled. */
const firstMs = 300_000;
const folders = ["clients/python/foedus/gen", "clients/go/gen"];

test.runIf(isAtHand(python) && isAtHand(go))(
  "`node tools/gen/clients.ts` would change nothing",
  () => {
    const into = mkdtempSync(join(tmpdir(), "foedus-fresh-clients-"));
    try {
      const command = ["tools/gen/clients.ts", "--into", into];
      execFileSync(process.execPath, command, { cwd: root, stdio: "pipe" });
      const stale = folders.flatMap((folder) => staleIn(join(root, folder), join(into, folder)));
      expect(stale).toEqual([]);
    } finally {
      rmSync(into, { recursive: true, force: true });
    }
  },
  firstMs,
);

test.runIf(isAtHand(python))(
  "the wheel for Python holds the client, and all that was generated for it",
  () => {
    const into = mkdtempSync(join(tmpdir(), "foedus-wheel-"));
    try {
      const copy = join(into, "python");
      execFileSync("cp", ["-r", join(root, "clients/python"), copy]);
      const build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", into, copy];
      execFileSync(pythonTools(), build, { stdio: "pipe" });
      const wheel = readdirSync(into).find((name) => name.endsWith(".whl")) ?? "";
      const unpacked = join(into, "unpacked");
      execFileSync(pythonTools(), ["-m", "zipfile", "-e", join(into, wheel), unpacked]);
      const look = "from foedus.gen.event.v1 import event_event_pb2; import foedus; print(foedus)";
      const env = { ...process.env, PYTHONPATH: unpacked };
      const found = execFileSync(pythonTools(), ["-c", look], { cwd: into, env, encoding: "utf8" });
      expect(found).toContain(unpacked);
    } finally {
      rmSync(into, { recursive: true, force: true });
    }
  },
  firstMs,
);

test.runIf(isAtHand(go))(
  "the Go client compiles, its example too, and `go vet` has nothing to say",
  () => {
    const options = { cwd: join(root, "clients/go"), env: goEnvironment(), stdio: "pipe" } as const;
    execFileSync("nice", ["go", "build", "./..."], options);
    execFileSync("nice", ["go", "vet", ".", "./example/...", "./internal/..."], options);
  },
  firstMs,
);

/** Files that differ, or that only one of the two has. */
function staleIn(folder: string, fresh: string): string[] {
  const [ours, theirs] = [textsOf(folder), textsOf(fresh)];
  const paths = new Set([...ours.keys(), ...theirs.keys()]);
  return [...paths]
    .filter((path) => ours.get(path) !== theirs.get(path))
    .map((path) => join(folder, path));
}

function textsOf(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("__pycache__"))
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(entries.map((path) => [path.slice(folder.length), readFileSync(path, "utf8")]));
}
