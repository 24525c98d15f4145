// `node tools/gen/clients.ts`: the schema in, generated code of the Python and Go clients out.
// `--into <folder>` writes it elsewhere, for a test to compare. It needs Python and Go.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { goEnvironment, pythonTools } from "../third-party/toolchain.ts";
import { leanImage, type LeanImage } from "./lean-image.ts";
import { gatherThirdParty } from "./third-party.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { values } = parseArgs({ options: { into: { type: "string", default: root } } });
const pythonOut = join(values.into, "clients/python/foedus/gen");
const goOut = join(values.into, "clients/go/gen");

gatherThirdParty(root);
const work = mkdtempSync(join(tmpdir(), "foedus-clients-"));
try {
  const image = leanImage(root);
  const file = join(work, "schema.binpb");
  writeFileSync(file, image.bytes);
  generatePython(image, file);
  generateGo(file);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function generatePython({ files }: LeanImage, image: string): void {
  const out = join(work, "python");
  mkdirSync(out);
  const outs = ["python", "pyi", "grpc_python"].map((kind) => `--${kind}_out=${out}`);
  const flags = ["-m", "grpc_tools.protoc", `--descriptor_set_in=${image}`, ...outs, ...files];
  execFileSync(pythonTools(), flags, { stdio: "inherit" });
  rmSync(pythonOut, { recursive: true, force: true });
  mkdirSync(join(pythonOut, ".."), { recursive: true });
  renameOver(join(out, "foedus"), pythonOut);
  // protoc's names are absolute; ours live one level further down.
  const ours = /^(from|import) foedus\./gm;
  for (const name of readdirSync(pythonOut, { recursive: true, encoding: "utf8" })) {
    if (!/\.pyi?$/.test(name)) continue;
    const path = join(pythonOut, name);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(ours, "$1 foedus.gen."));
  }
}

function generateGo(image: string): void {
  const env = goEnvironment();
  const cwd = join(root, "clients/go");
  const plugin = (name: string) => ({ local: ["go", "tool", name], out: goOut });
  const template = {
    version: "v2",
    clean: true,
    managed: {
      enabled: true,
      override: [{ file_option: "go_package_prefix", value: "foedus.local/go/gen" }],
    },
    plugins: [
      { ...plugin("protoc-gen-go"), opt: ["module=foedus.local/go/gen"] },
      { ...plugin("protoc-gen-connect-go"), opt: ["module=foedus.local/go/gen"] },
    ],
  };
  const flags = ["generate", image, "--template", JSON.stringify(template)];
  execFileSync("buf", [...flags, "--path", "foedus"], { cwd, env, stdio: "inherit" });
}

/** Both lie on different disks where the temporary folder is in memory. */
function renameOver(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    execFileSync("cp", ["-r", from, to]);
  }
}
