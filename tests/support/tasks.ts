// A database of tasks whose clock stands until a test moves it.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { PayloadSchema, TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Said } from "@foedus/kernel/task/hold.ts";
import { lineOf } from "@foedus/kernel/task/line.ts";
import { completeSpec } from "@foedus/kernel/task/spec.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { World } from "@foedus/kernel/world.ts";
import { randomUUID } from "node:crypto";
import { claimTasks } from "../../server/capabilities/task/claim.store.ts";
import { findTask, stepsOf } from "../../server/capabilities/task/list.store.ts";
import { countQueues } from "../../server/capabilities/task/queue.store.ts";
import { reportWriter } from "../../server/capabilities/task/report.store.ts";
import type { Stored } from "../../server/capabilities/task/row.store.ts";
import { submitTasks } from "../../server/capabilities/task/submit.store.ts";
import { wakeTasks } from "../../server/capabilities/task/wake.store.ts";
import { cloneDatabase } from "./database.ts";
import { shared } from "./shared.ts";
import { openTestStorage } from "./storage.ts";
import { rowsOf } from "./bundled.ts";

/** What a test says of a task. */
export type SpecInit = Exclude<MessageInitShape<typeof TaskSpecSchema>, TaskSpec>;

/** A result. */
export const done = create(PayloadSchema, { contentType: "text/plain", body: new Uint8Array([1]) });

const queue = "work";
const kind = "scan";

/** Time that stands; what is due acts once it has passed. */
function standingWorld(): World & { pass(ms: number): void } {
  let nowMs = realWorld.clock.now();
  const timers = new Set<{ readonly dueMs: number; readonly act: () => void }>();
  return {
    clock: { now: () => nowMs, monotonic: () => nowMs },
    random: realWorld.random,
    timers: {
      after(ms, act) {
        const timer = { dueMs: nowMs + ms, act };
        timers.add(timer);
        return { cancel: () => void timers.delete(timer) };
      },
      sleep: (_, signal) =>
        new Promise((resolve) => signal?.addEventListener("abort", () => resolve())),
    },
    pass(ms) {
      nowMs += ms;
      for (const timer of [...timers].filter(({ dueMs }) => dueMs <= nowMs)) {
        timers.delete(timer);
        timer.act();
      }
    },
  };
}

/** Opens a database for tests of tasks. */
export async function openTasks(url: string) {
  const world = standingWorld();
  const storage = await openTestStorage(url, { world });
  const reports = reportWriter(storage);
  return { url, storage, reports, pass: world.pass };
}

/** The same for all tests of a file. */
export function sharedTasks(): Tasks {
  return shared(
    async () => await openTasks((await cloneDatabase()).url),
    ({ storage }) => storage.close(),
  );
}

/** What `openTasks` opens. */
export type Tasks = Awaited<ReturnType<typeof openTasks>>;

/** Tasks of one tenant. */
export function tasksOf(tasks: Tasks, tenant: TenantId) {
  const { storage, reports } = tasks;
  const specOf = (init: SpecInit) => specAt(init, storage.nowMs());
  const submit = async (...inits: SpecInit[]) =>
    await storage.tenant(tenant, (tx) =>
      submitTasks(
        tx,
        inits.map((init) => ({ spec: specOf(init), submitter: "person/1" })),
      ),
    );
  const claim = async (count: number, options: ClaimOptions = {}) => {
    const { nodeId = "node_1", claimId = randomUUID(), inits = [{}] } = options;
    const lines = inits.map((init) => lineOf(specOf(init)).id);
    const wishes = [{ nodeId, worker: "w", claimId, count }];
    const { tasks } = await claimTasks(storage, { tenant, queue, lines, wishes });
    return tasks[0] ?? [];
  };
  const say = async (stored: Stored, word: Said["word"], changed: Partial<Said> = {}) => {
    const { id, standing } = stored.live;
    const fence = standing.attempt?.fence ?? 0;
    const nodeId = standing.attempt?.nodeId ?? "";
    const report = { tenant, id, fence, nodeId, spent: 0, word, ...changed };
    const [receipt] = await reports.add([report]);
    if (receipt === undefined) throw new Error("a report without a receipt");
    return receipt;
  };
  const find = async (id: string) => {
    const found = await storage.tenant(tenant, (tx) => findTask(tx, id));
    if (found === undefined) throw new Error(`no task ${id}`);
    return found;
  };
  return {
    specOf,
    submit,
    ids: async (...inits: SpecInit[]) => (await submit(...inits)).map(({ task }) => task.live.id),
    claim,
    say,
    find,
    stateOf: async (id: string) => (await find(id)).stored.live.standing.state,
    steps: async (id: string) => {
      const { stored } = await find(id);
      return await storage.tenant(tenant, (tx) => stepsOf(tx, stored, { skip: 0, size: 1_000 }));
    },
    wake: () => wakeTasks(storage, 1_000),
    ...countsOf(tasks, tenant),
  };
}

/** What the store counts, and what there is. */
function countsOf({ storage, url }: Tasks, tenant: TenantId) {
  return {
    counts: async () => {
      const [counts] = await storage.tenant(tenant, (tx) =>
        countQueues(tx.sql, tenant, { names: [queue] }),
      );
      return counts;
    },
    /** What the counts should be, from the rows themselves. */
    recount: async () => {
      const rows = await rowsOf(
        url,
        `select count(*) filter (where state = 1)::int as ready,
                count(*) filter (where state = 32)::int as scheduled,
                count(*) filter (where state = 33)::int as blocked,
                count(*) filter (where state = 2)::int as working
         from task where tenant_id = '${tenant}'`,
      );
      return rows[0];
    },
  };
}

function specAt(init: SpecInit, nowMs: number): TaskSpec {
  const timeouts = { heartbeat: durationFromMs(10_000) };
  const spec = create(TaskSpecSchema, { queue, kind, timeouts, ...init });
  return completeSpec(spec, undefined, nowMs);
}

interface ClaimOptions {
  readonly nodeId?: string;
  readonly claimId?: string;
  /** Specs whose lines are claimed from. */
  readonly inits?: readonly SpecInit[];
}
