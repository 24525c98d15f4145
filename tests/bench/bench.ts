// `npm run bench [-- <word>] [--small]`: measures, prints, and writes the page of figures.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Bench } from "./context.ts";
import { startFederation } from "./federation.ts";
import type { Look } from "./look.ts";
import { fsync, restart } from "./machine.bench.ts";
import { map } from "./map.bench.ts";
import { enrollments, heartbeats } from "./nodes.bench.ts";
import { publish } from "./publish.bench.ts";
import { syncCost } from "./sync-cost.bench.ts";
import { syncFanOut, syncVisible } from "./sync-fanout.bench.ts";
import { syncOutbox } from "./sync-outbox.bench.ts";
import { syncPushAndPull } from "./sync-push.bench.ts";
import { syncCatchUp, syncIngest } from "./sync-store.bench.ts";
import { syncTree } from "./sync-tree.bench.ts";
import { digitsOrDash, page, pageWith, type Result } from "./report.ts";
import { interleave } from "./rounds.ts";
import { taskRpc } from "./task-rpc.bench.ts";
import { taskStart } from "./task-start.bench.ts";
import { taskStore } from "./task-store.bench.ts";
import { verify } from "./verify.bench.ts";
import { stream, unary } from "./wire.bench.ts";

const benches: readonly Bench[] = [
  fsync,
  unary,
  stream,
  verify,
  publish,
  heartbeats,
  enrollments,
  restart,
  syncIngest,
  syncCatchUp,
  syncPushAndPull,
  syncFanOut,
  taskStore,
  taskRpc,
];
const looks: readonly Look[] = [map, syncVisible, syncCost, syncTree, syncOutbox, taskStart];
const target = fileURLToPath(new URL("../../docs/reference/performance.md", import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { small: { type: "boolean", default: false }, only: { type: "string", default: "" } },
});
const { small } = values;
const word = (values.only || (positionals[0] ?? "")).toLowerCase();
const size = { small, rounds: small ? 5 : 9, turnMs: small ? 400 : 3_000 };
const updatesMs = small ? 10_000 : 60_000;
const isWanted = ({ title }: { readonly title: string }) => title.toLowerCase().includes(word);

const results: Result[] = [
  ...(await rates(benches.filter(isWanted))),
  ...(await figures(looks.filter(isWanted))),
];
// A word chooses part of the page; what it does not name stays as it was measured before.
if (word === "") writeFileSync(target, page(results, size));
else if (!small && results.length > 0) {
  writeFileSync(target, pageWith(readFileSync(target, "utf8"), results));
}
console.log(word === "" || !small ? `\nwritten to ${target}` : "");

async function rates(wanted: readonly Bench[]): Promise<Result[]> {
  if (wanted.length === 0) return [];
  const federation = await startFederation();
  const found: Result[] = [];
  try {
    for (const bench of wanted) {
      console.log(`\n${bench.title}`);
      const measure = (subjects: Parameters<typeof interleave>[0]) =>
        interleave(subjects, size.rounds);
      const measured = await bench.run({ federation, ...size, measure });
      for (const { name, perSecond, cpuUs, ratio } of measured) {
        const cpu = cpuUs === undefined ? "" : `, ${cpuUs.median.toFixed(1)} µs of CPU each`;
        const times =
          ratio?.cpu === undefined ? "" : `, ${ratio.cpu.median.toFixed(2)} times ${ratio.floor}`;
        console.log(`  ${name}: ${perSecond.median.toFixed(1)} a second${cpu}${times}`);
      }
      found.push({ bench, figures: measured });
    }
  } finally {
    await federation.stop();
  }
  return found;
}

async function figures(wanted: readonly Look[]): Promise<Result[]> {
  const found: Result[] = [];
  for (const look of wanted) {
    console.log(`\n${look.title}`);
    const say = (line: string) => console.log(`  … ${line}`);
    const seen = await look.look({ updatesMs, say });
    for (const { name, unit, best, median, target: asked } of seen) {
      const of = best === undefined ? "" : `best ${digitsOrDash(best)}, median `;
      const wish = asked === "" ? "" : ` (${asked})`;
      console.log(`  ${name}: ${of}${digitsOrDash(median)} ${unit}${wish}`);
    }
    found.push({ look, seen });
  }
  return found;
}
