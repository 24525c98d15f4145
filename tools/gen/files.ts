// Writes gen/proto/foedus/files.js: every generated file of ours, for what must know them all.
import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Lists the descriptors of `foedus/**` that were generated into a folder. */
export function writeFiles(into: string): void {
  const folder = join(into, "gen/proto/foedus");
  const paths = globSync("*/v1/*_pb.js", { cwd: folder }).toSorted();
  const names = paths.map((path) => {
    const [noun = "", , file = ""] = path.split("/");
    return `file_foedus_${noun}_v1_${file.replace("_pb.js", "")}`;
  });
  const imports = paths.map((path, at) => `import { ${names[at]} } from "./${path}";`);
  const list = ["/** Every file of the schema. */", "export const files = ["];
  writeFileSync(
    join(folder, "files.js"),
    [written, ...imports, "", ...list, ...names.map((name) => `  ${name},`), "];", ""].join("\n"),
  );
  const type = [
    "/** Every file of the schema. */",
    "export declare const files: readonly DescFile[];",
  ];
  const descFile = 'import type { DescFile } from "@bufbuild/protobuf";';
  writeFileSync(join(folder, "files.d.ts"), [written, descFile, "", ...type, ""].join("\n"));
}

const written = "// Written by `npm run gen`. Do not edit.";
