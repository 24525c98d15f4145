// Counts words and takes SHA-256 sums for whoever asks for it, until SIGTERM or Ctrl-C drains it.
//
//   node examples/publish.ts                         joins, so that there is a node
//   node examples/worker.ts [FOLDER [QUEUE]] [--name NAME] [--concurrency N]
//
// clients/python/example_worker.py and clients/go/example/worker do the same.
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { openNode } from "@foedus/sdk/open.ts";
import { TaskFailed } from "@foedus/sdk/task/failed.ts";
import type { Job } from "@foedus/sdk/task/work.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { name: { type: "string" }, concurrency: { type: "string", default: "4" } },
});
const [folder = process.env["FOEDUS_NODE"] ?? ".foedus/instances/example", queue = "examples"] =
  positionals;

await using node = await openNode(folder);
const { name = `typescript-${node.name}`, concurrency } = values;
await node.register({ kind: NodeKind.INSTANCE, title: name });

const steps = 10;
const kinds = ["count-words", "sha256"];
const worker = node.work({ queue, name, kinds, concurrency: Number(concurrency) }, async (job) => {
  console.log(`${job.task.id} ${job.kind}, attempt ${job.attempt}`);
  return await work(job);
});

const stop = () => void worker.drain();
process.once("SIGINT", stop).once("SIGTERM", stop);
await new Promise((resolve) => worker.signal.addEventListener("abort", resolve));

/** Text as {"text": …, "ms": how long to take over it}. */
async function work(job: Job): Promise<object> {
  const { text, ms = 0 } = (job.json() ?? {}) as { text?: unknown; ms?: number };
  if (typeof text !== "string") {
    throw new TaskFailed("PAYLOAD_INVALID", 'it needs {"text": …}', { isFinal: true });
  }
  for (let step = 0; ms > 0 && step < steps; step++) {
    job.progress({ fraction: step / steps, message: `step ${step + 1} of ${steps}` });
    await realWorld.timers.sleep(ms / steps, job.signal);
    job.signal.throwIfAborted();
  }
  if (job.kind === "count-words") return { words: text.split(/\s+/).filter(Boolean).length };
  return { sha256: createHash("sha256").update(text).digest("hex") };
}
