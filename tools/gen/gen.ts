// `npm run gen`: schema and migrations in, generated code and docs/reference out; git stays clean
// when nothing changed. `--into <folder>` writes it elsewhere, for `npm run check` to compare.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeConfigComments } from "./config.ts";
import { gatherThirdParty } from "./third-party.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { values } = parseArgs({ options: { into: { type: "string", default: root } } });

gatherThirdParty(root);
execFileSync("buf", ["generate", "--output", values.into], { cwd: root, stdio: "inherit" });

const { writeFiles } = await import("./files.ts");
writeFiles(values.into);

const { checkReasons } = await import("./reasons.ts");
await checkReasons();

writeConfigComments(root, values.into);
const { writeReference } = await import("../docs/reference.ts");
writeReference(root, values.into);

const { startBundled } = await import("../../server/runtime/storage/bundled.ts");
const { migrate } = await import("../../server/runtime/storage/migrate.ts");
const { writeRows } = await import("./rows.ts");
const folder = mkdtempSync(join(tmpdir(), "foedus-gen-"));
// PostgreSQL's user must be able to come in, else its files go elsewhere and stay there.
chmodSync(folder, 0o711);
const bundled = await startBundled({ folder, log: () => undefined });
try {
  await migrate(bundled.url);
  await writeRows(values.into, bundled.url);
} finally {
  await bundled.stop();
  rmSync(folder, { recursive: true, force: true });
}
