// What the store of tasks claims and completes, beside PostgreSQL alone.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { PayloadSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { WorkerSchema } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { Desk } from "../../server/capabilities/task/desk.loop.ts";
import { reportWriter } from "../../server/capabilities/task/report.store.ts";
import { openStorage } from "../../server/runtime/storage/open.ts";
import { silentLog } from "../support/storage.ts";
import type { Bench } from "./context.ts";
import { repeat } from "./drive.ts";
import type { Turn } from "./rounds.ts";
import { fillDatabase, queue, type Filled } from "./task-fill.ts";
import { openTaskFloor } from "./task-floor.ts";
import { openBoss, openGraphile } from "./task-others.ts";

const workers = 8;
const batch = 50;
const tenant = tenantProved("bench");
const graphileName = "graphile-worker 0.18.0";
const bossName = "pg-boss 12.38.0";
const sizes = {
  full: { waiting: 100_000, backlog: 1_000_000, done: 1_000_000 },
  small: { waiting: 60_000, backlog: 100_000, done: 100_000 },
};
/** In this time nobody works off all that wait. */
const turnMsMax = 1_000;

/** Claim and complete, over and over. */
export const taskStore: Bench = {
  title: "B11: tasks, claimed and completed a second",
  what: "8 workers claim 50 tasks at once, or one, and complete them; each answer is durable. 100,000 tasks wait and 1,000,000 are done (60,000 and 100,000 when small); at last with as many waiting as done, beside none done",
  target:
    ">= 0.8 x PostgreSQL alone, >= 15,000 in batches, >= 1,000 singly; a million waiting and done cost less than 10 %",
  async run(context) {
    const { url } = context.federation;
    const { waiting, backlog, done } = context.small ? sizes.small : sizes.full;
    const fill = (name: string, size: { waiting: number; done: number }) =>
      fillDatabase(url, name, tenant, size);
    const main = await openSubject(await fill("bench_task_main", { waiting, done }));
    const fresh = await openSubject(await fill("bench_task_fresh", { waiting, done: 0 }));
    const full = await openSubject(await fill("bench_task_full", { waiting: backlog, done }));
    const floor = await openTaskFloor(main.url, workers, { waiting, done });
    const [graphile, boss] = [await openGraphile(url, waiting), await openBoss(url, waiting)];
    const [many, single] = ["PostgreSQL alone, 50 at once", "PostgreSQL alone, singly"];
    const few = "the store, 50 at once, none done";
    const ms = Math.min(context.turnMs, turnMsMax);
    try {
      return await context.measure([
        { name: many, turn: () => floor.work(batch, workers, ms) },
        { name: "the store, 50 at once", floor: many, turn: () => main.work(batch, ms) },
        { name: single, turn: () => floor.work(1, workers, ms) },
        { name: "the store, singly", floor: single, turn: () => main.work(1, ms) },
        { name: few, turn: () => fresh.work(batch, ms) },
        {
          name: "the store, 50 at once, all of them waiting",
          floor: few,
          turn: () => full.work(batch, ms),
        },
        { name: `${graphileName}, in batches`, floor: many, turn: () => graphile.work("many", ms) },
        { name: `${graphileName}, singly`, floor: single, turn: () => graphile.work("single", ms) },
        { name: `${bossName}, 50 at once`, floor: many, turn: () => boss.work("many", ms) },
        { name: `${bossName}, singly`, floor: single, turn: () => boss.work("single", ms) },
      ]);
    } finally {
      const all = [main, fresh, full, floor, graphile, boss];
      await Promise.all(all.map((each) => each.close()));
    }
  },
};

interface Subject {
  readonly url: string;
  work(count: number, ms: number): Promise<Turn>;
  close(): Promise<void>;
}

/** The desk of a hub and its writer, without the methods above them. */
export async function openSubject(filled: Filled): Promise<Subject> {
  const { url } = filled;
  const storage = await openStorage({ url, world: realWorld, log: silentLog });
  const [reports, desk] = [reportWriter(storage), new Desk(storage)];
  const offer = create(WorkerSchema, { name: "w", queue, concurrency: batch });
  const [gone, now] = [new AbortController().signal, AbortSignal.abort()];
  const result = create(PayloadSchema, { body: new Uint8Array(16) });
  const word = { case: "result", result } as const;
  const once = async (worker: number, count: number) => {
    const nodeId = `node_${worker}`;
    const holder = { nodeId, worker: "w", claimId: randomUUID() };
    const who = { tenant, queue, offer, node: { nodeId, labels: {} }, holder, mayRepeat: true };
    const held = await desk.claim({ ...who, count: () => count }, gone, now);
    const receipts = await reports.add(
      held.map(({ live: { id, standing } }) => {
        return { tenant, id, fence: standing.fence, nodeId, spent: 0, word };
      }),
    );
    if (receipts.some(({ verdict }) => verdict !== Verdict.TAKEN)) throw new Error("not taken");
    return held.length;
  };
  return {
    url,
    async work(count, ms) {
      await filled.refill();
      let operations = 0;
      const act = async (worker: number) => {
        const done = await once(worker, count);
        operations += done;
      };
      const turn = await repeat(act, { lines: workers, ms, pids: [] });
      return { ...turn, operations };
    },
    close: async () => {
      await Promise.all([storage.close(), filled.close()]);
    },
  };
}
