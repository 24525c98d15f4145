// `node tests/clone/matrix.ts [--only NAME] [--without NAME]`: a newcomer's fresh clone of the
// committed HEAD, in every situation of cases.ts. One line per case; the last one says how many
// passed and failed.
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { cases, type Case } from "./cases.ts";
import { killAll } from "./command.ts";
import { elsewhereOf, headOf, isRoot, makeGround, uncommitted, type Clone } from "./ground.ts";
import type { Times } from "./federation.ts";

const { values } = parseArgs({
  options: { only: { type: "string" }, without: { type: "string" } },
});
const chosen = cases
  .filter((each) => values.only === undefined || each.name === values.only)
  .filter((each) => each.name !== values.without);
const ground = makeGround();
const counts = { passed: 0, failed: 0 };
const open = new Set<Clone>();

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    for (const clone of open) leave(clone);
    ground.remove();
    process.exit(1);
  });
}

console.log(`clone matrix of ${headOf()}; ${uncommitted()} uncommitted files are left out`);
if (chosen.length === 0) {
  console.log(`no case is called ${values.only}: ${cases.map((each) => each.name).join(", ")}`);
  counts.failed += 1;
}
try {
  for (const each of chosen) await judge(each);
} finally {
  ground.remove();
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

async function judge(each: Case): Promise<void> {
  if (each.needsRoot && !isRoot) {
    console.log(`skip  ${each.says}: this run is not root's`);
    return;
  }
  const times: Times = [];
  const startMs = performance.now();
  const clone = ground.clone(each);
  open.add(clone);
  try {
    await each.check({ ...clone, env: { ...clone.env, ...each.env } }, times);
    const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
    console.log(`ok    ${each.says}: ${times.join(", ")} (${seconds} s in all)`);
    counts.passed += 1;
  } catch (error) {
    console.log(`FAIL  ${each.says}: ${error instanceof Error ? error.message : String(error)}`);
    counts.failed += 1;
  } finally {
    leave(clone);
    open.delete(clone);
  }
}

/** Nothing of a case stays, whatever became of it. */
function leave(clone: Clone): void {
  const elsewhere = elsewhereOf(clone);
  killAll(clone);
  for (const folder of [clone.folder, elsewhere]) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
