// `npm run gen`: schema and migrations in, generated code out; git stays clean when nothing changed.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gatherThirdParty } from "./third-party.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

gatherThirdParty(root);
execFileSync("buf", ["generate"], { cwd: root, stdio: "inherit" });

const { checkReasons } = await import("./reasons.ts");
await checkReasons();

const { startBundled } = await import("../../server/runtime/storage/bundled.ts");
const { migrate } = await import("../../server/runtime/storage/migrate.ts");
const { writeRows } = await import("./rows.ts");
const folder = mkdtempSync(join(tmpdir(), "foedus-gen-"));
const bundled = await startBundled({ folder, log: () => undefined });
try {
  await migrate(bundled.url);
  await writeRows(root, bundled.url);
} finally {
  await bundled.stop();
  rmSync(folder, { recursive: true, force: true });
}
