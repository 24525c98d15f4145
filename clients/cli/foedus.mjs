#!/usr/bin/env node
// Plain JavaScript, since this may be run by a Node that knows no types, or that breaks HTTP/2: that
// one hands over to the Node that npm brought along.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../../tools/install/launch.mjs";
import { nodeProblem } from "../../tools/install/node.mjs";
import { root } from "../../tools/install/stamp.mjs";

const main = new URL("./main.ts", import.meta.url);
const problem = nodeProblem(process.version);

if (problem === undefined) {
  await import(main.href);
} else if (existsSync(join(root, "node_modules", ".bin", "node"))) {
  launch("node", [fileURLToPath(main), ...process.argv.slice(2)]);
} else {
  process.stderr.write(`foedus: ${problem}\n`);
  process.exitCode = 1;
}
