// `npm run release`: makes the schema of this version the one that later changes are held against.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { obstacles, type Manifest } from "./release/ready.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const image = "docs/reference/schema.binpb";

// It takes no options, and must not take a misspelt wish for a yes.
parseArgs({ options: {} });
const { version, workspaces } = manifestOf(".") as Manifest & { workspaces: string[] };
const changelog = existsSync(join(root, "CHANGELOG.md"))
  ? readFileSync(join(root, "CHANGELOG.md"), "utf8")
  : "";
const inTheWay = [...obstacles(version, workspaces.map(manifestOf), changelog), ...breaking()];

if (inTheWay.length > 0) {
  console.error([`${version} cannot be released:`, ...inTheWay].join("\n  "));
  process.exitCode = 1;
} else {
  buf("build", "proto", "--output", image);
  const steps = [
    `${image} is the schema of ${version}. Next:`,
    `  git add ${image} && git commit -m "release: ${version}"`,
    `  git tag v${version}`,
    "  raise the version in every package.json, and begin the next part of CHANGELOG.md",
  ];
  console.log(steps.join("\n"));
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
}

/** Whoever uses the last release must be able to go on. */
function breaking(): string[] {
  if (!existsSync(join(root, image))) return [];
  const { status, stdout } = buf("breaking", "proto", "--against", image);
  return status === 0 ? [] : stdout.trimEnd().split("\n");
}

function buf(...args: string[]) {
  spawnSync(process.execPath, ["tools/gen/gather.ts"], { cwd: root, stdio: "inherit" });
  const path = `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`;
  const options = { cwd: root, encoding: "utf8" as const, env: { ...process.env, PATH: path } };
  const result = spawnSync("buf", args, { ...options, stdio: ["ignore", "pipe", "inherit"] });
  if (result.error !== undefined) throw result.error;
  return result;
}
