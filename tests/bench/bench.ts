// `npm run bench [-- --small] [--only <word>]`: measures, prints, and writes the page of figures.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Bench } from "./context.ts";
import { startFederation } from "./federation.ts";
import { fsync, restart } from "./machine.bench.ts";
import { enrollments, heartbeats } from "./nodes.bench.ts";
import { publish } from "./publish.bench.ts";
import { page } from "./report.ts";
import { interleave, type Figures } from "./rounds.ts";
import { verify } from "./verify.bench.ts";
import { stream, unary } from "./wire.bench.ts";

const all: readonly Bench[] = [
  fsync,
  unary,
  stream,
  verify,
  publish,
  heartbeats,
  enrollments,
  restart,
];
const target = "docs/reference/performance.md";
const root = new URL("../../", import.meta.url);

const { values } = parseArgs({
  options: { small: { type: "boolean", default: false }, only: { type: "string", default: "" } },
});
const { small } = values;
const size = { small, rounds: small ? 5 : 9, turnMs: small ? 400 : 3_000 };
const wanted = all.filter(({ title }) => title.toLowerCase().includes(values.only.toLowerCase()));

const federation = await startFederation();
const results: { bench: Bench; figures: Figures[] }[] = [];
try {
  for (const bench of wanted) {
    console.log(`\n${bench.title}`);
    const measure = (subjects: Parameters<typeof interleave>[0]) =>
      interleave(subjects, size.rounds);
    const figures = await bench.run({ federation, ...size, measure });
    for (const { name, perSecond, cpuUs, ratio } of figures) {
      const cpu = cpuUs === undefined ? "" : `, ${cpuUs.median.toFixed(1)} µs of CPU each`;
      const times =
        ratio?.cpu === undefined ? "" : `, ${ratio.cpu.median.toFixed(2)} times ${ratio.floor}`;
      console.log(`  ${name}: ${perSecond.median.toFixed(1)} a second${cpu}${times}`);
    }
    results.push({ bench, figures });
  }
} finally {
  await federation.stop();
}
// Part of the figures would be a page that looks whole.
if (wanted.length === all.length) {
  writeFileSync(fileURLToPath(new URL(target, root)), page(results, size));
  console.log(`\nwritten to ${target}`);
}
