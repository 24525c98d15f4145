// What a node wrote while it had no hub, and how it goes out once there is one.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { joinHub } from "../../clients/sdk/join.ts";
import { openNode } from "../../clients/sdk/open.ts";
import type { Collection } from "../../clients/sdk/sync/collection.ts";
import { samePorts, startHubProcess } from "../support/hub.process.ts";
import { makeTokens, startFederation } from "./federation.ts";
import type { Look, Seen } from "./look.ts";

const opsSmall = 10_000;
const opsFull = 100_000;
const smallMsMax = 20_000;
const opsPerPut = 100;
const nanosPerMs = 1e6;
const msPerSecond = 1_000;

/** A long outbox, and how it drains. */
export const syncOutbox: Look = {
  title: "Sync: an outbox drains",
  what: `a node writes while its hub is down (100,000 ops, or 10,000 where it is small), ${opsPerPut} fields at once, each put on its disk before the next; then the hub starts`,
  async look({ updatesMs, say }) {
    const federation = await startFederation();
    const { folder, data, url, hub } = federation;
    let again = hub;
    try {
      const [token = ""] = await makeTokens(federation, 1);
      const place = join(folder, "nodes", "outbox");
      await joinHub({ invitation: hub.ready.invitation, token, folder: place });
      await using node = await openNode(place);
      const notes = await node.collection<number>("outbox");
      await notes.put("first", { at: 0 });
      await notes.settled();
      await hub.kill();
      const ops = updatesMs <= smallMsMax ? opsSmall : opsFull;
      say(`${ops} ops without a hub`);
      const writtenMs = await write(notes, ops);
      const drained = drain(notes, say);
      const flags = samePorts(hub.ready);
      again = await startHubProcess({ data, url, flags });
      return [
        figure("ops written a second, without a hub", "", "", (ops * msPerSecond) / writtenMs),
        ...(await drained),
      ];
    } finally {
      await again.stop();
      await federation.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function write(notes: Collection<number>, ops: number): Promise<number> {
  const startMs = performance.now();
  for (let at = 0; at < ops; at += opsPerPut) {
    const fields = Array.from({ length: opsPerPut }, (_, field) => [`f${field}`, at] as const);
    await notes.put(`record-${at}`, Object.fromEntries(fields));
  }
  return performance.now() - startMs;
}

/** From the first op that the hub takes to the last. */
async function drain(notes: Collection<number>, say: (line: string) => void): Promise<Seen[]> {
  const stalls = monitorEventLoopDelay({ resolution: 5 });
  let [firstMs, lastMs, pauseMs, steps, sent] = [0, 0, 0, 0, 0];
  for await (const { sentOps, waitingOps } of notes.draining()) {
    if (sentOps === 0) continue;
    const nowMs = performance.now();
    if (firstMs === 0) {
      firstMs = nowMs;
      stalls.enable();
    } else pauseMs = Math.max(pauseMs, nowMs - lastMs);
    [lastMs, sent] = [nowMs, sentOps];
    if (steps++ % sayEvery === 0) say(`${sentOps} sent, ${waitingOps} wait`);
  }
  stalls.disable();
  const tookMs = lastMs - firstMs;
  return [
    figure("it drains in", "ms", "", tookMs),
    figure("ops drained a second", "", "", (sent * msPerSecond) / tookMs),
    figure("longest time without progress", "ms", "no stall", pauseMs),
    figure("steps of progress", "", "", steps),
    figure("longest stall of the node's own loop", "ms", "", stalls.max / nanosPerMs),
  ];
}

const sayEvery = 50;

function figure(name: string, unit: string, target: string, median: number): Seen {
  return { name, unit, target, best: undefined, median, worst: undefined };
}
