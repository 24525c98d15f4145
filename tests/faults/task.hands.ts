// Workers that go on whatever dies, and what they are told of what they did.
import { randomUUID } from "node:crypto";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { FailureSchema, PayloadSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import {
  ReportSchema,
  Verdict,
  type Assignment,
  type Hold,
  type Receipt,
  type Report,
} from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import {
  WorkRequestSchema,
  WorkService,
  type WorkRequest,
  type WorkResponse,
} from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { BoundedQueue } from "@foedus/kernel/queue.ts";
import { Chance } from "@foedus/kernel/simulation/chance.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { again, party, passed, soon, type Part, type Party } from "./task.load.ts";

const { sleep } = realWorld.timers;
const beatMs = 100;
const saidMax = 10_000;

/** A task that a worker holds, and what is to be said of it: undefined while it is under way. */
interface Job {
  readonly hold: Hold;
  said: Report["said"] | undefined;
}

/** Does what it is given, as its kind says and chance has it. */
class Hands {
  readonly name: string;
  readonly jobs = new Map<string, Job>();
  readonly chance: Chance;
  /** Where to say something as soon as there is something to say; whoever asks waits instead. */
  line: ((report: Report) => void) | undefined;
  readonly #part: Part;

  constructor(part: Part, name: string) {
    this.#part = part;
    this.name = name;
    this.chance = new Chance(part.seed);
  }

  /** Takes a task; resolves when there is something to say of it. What goes wrong is a problem. */
  async take(assignment: Assignment): Promise<Job | undefined> {
    return await this.#work(assignment).catch((error: unknown) => {
      this.#part.book.problems.push(`${this.name}: ${String(error)}`);
      return undefined;
    });
  }

  async #work({ task, hold }: Assignment): Promise<Job | undefined> {
    if (hold === undefined) throw new Error("assigned, and no hold");
    const { book } = this.#part;
    book.given(this.name, hold);
    const job: Job = { hold, said: undefined };
    this.jobs.set(keyOf(hold), job);
    // Forgotten: its hold lapses, and somebody else does it; a stream's signs would renew it.
    if (this.line === undefined && this.chance.happens(0.03))
      return void this.jobs.delete(keyOf(hold));
    if (this.chance.happens(0.1)) await sleep(this.chance.between(50, 1_000));
    if (task?.spec?.kind === "has-child") await this.#submitChild(hold.taskId);
    job.said = this.#wordOn(task?.spec?.kind, task?.attempt?.number ?? 1, hold.fence);
    this.line?.(reportOn(job));
    return job;
  }

  /** Hears what became of a word; a sign of life is told apart by the lease it brings. */
  hear(receipt: Pick<Receipt, "hold" | "verdict" | "lease">): void {
    if (receipt.hold === undefined) return;
    const job = this.jobs.get(keyOf(receipt.hold));
    if (receipt.verdict === Verdict.TAKEN && receipt.lease !== undefined) return;
    if (job?.said?.case === "result") this.#part.book.answered(this.name, receipt);
    this.jobs.delete(keyOf(receipt.hold));
  }

  #wordOn(kind = "", attempt: number, fence: bigint): Report["said"] {
    const isFirst = kind === "fails-first" && attempt === 1;
    if (isFirst) return { case: "failure", value: create(FailureSchema, { reason: "BUSY" }) };
    if (this.chance.happens(0.03)) return { case: "returned", value: true };
    const body = new TextEncoder().encode(`${this.name}#${fence}`);
    return { case: "result", value: create(PayloadSchema, { body }) };
  }

  async #submitChild(parentId: string): Promise<void> {
    const { node, book, queue } = this.#part;
    const tasks = node.client(TaskService);
    const spec = { queue, kind: "plain", parentId, ...soon };
    const requestId = randomUUID();
    const child = await again(book, (signal) => tasks.submitTask({ requestId, spec }, { signal }), [
      // Its hold may have lapsed meanwhile.
      Reason.TASK_PARENT_NOT_HELD,
    ]);
    if (child?.task !== undefined) book.submitted(child.task.id);
  }
}

/** A worker that asks, and reports in calls of their own. */
export function startPoller(part: Part, name: string): Party {
  const work = part.node.client(WorkService);
  const hands = new Hands(part, name);
  const worker = { name, queue: part.queue, concurrency: 16 };
  return party(part.book, async (isOver) => {
    while (!isOver()) {
      const claimId = randomUUID();
      const wish = { claimId, worker, count: 6, wait: durationFromMs(300) };
      const got = await again(part.book, (signal) => work.claimTasks(wish, { signal }));
      const jobs = await Promise.all((got?.assignments ?? []).map((one) => hands.take(one)));
      const reports = jobs.flatMap((job) => (job === undefined ? [] : reportOn(job)));
      if (reports.length === 0) continue;
      const told = await again(part.book, (signal) => work.reportTasks({ reports }, { signal }));
      for (const receipt of told?.receipts ?? []) hands.hear(receipt);
    }
  });
}

function reportOn({ hold, said }: Job): Report {
  return create(ReportSchema, { hold, said: said ?? { case: undefined } });
}

function keyOf({ taskId, fence }: Hold): string {
  return `${taskId}#${fence}`;
}

/** A worker over a stream, which it opens again whenever it ends. */
export function startStreamer(part: Part, name: string): Party {
  const hands = new Hands(part, name);
  return party(part.book, async (isOver) => {
    while (!isOver()) {
      await shift(part, hands, isOver).catch((thrown: unknown) => passed(part.book, thrown));
    }
  });
}

async function shift(part: Part, hands: Hands, isOver: () => boolean): Promise<void> {
  const said = new BoundedQueue<WorkRequest>(saidMax);
  const say = (one: MessageInitShape<typeof WorkRequestSchema>["said"]) =>
    said.offer(create(WorkRequestSchema, { said: one }));
  const worker = { name: hands.name, queue: part.queue, concurrency: 8 };
  say({ case: "worker", value: worker });
  // What it held before goes along: a word that nobody answered, or none.
  for (const job of hands.jobs.values()) say({ case: "report", value: reportOn(job) });
  say({ case: "room", value: Math.max(1, worker.concurrency - hands.jobs.size) });
  const ended = new AbortController();
  hands.line = (value) => say({ case: "report", value });
  const beats = (async () => {
    while (!ended.signal.aborted) {
      await sleep(beatMs, ended.signal);
      if (isOver()) return said.end();
      say({ case: "beat", value: true });
    }
  })();
  try {
    const { signal } = ended;
    for await (const word of part.node.client(WorkService).work(said, { signal })) {
      if (hear(hands, word) === "leave") return;
    }
  } finally {
    ended.abort();
    said.end();
    await beats;
  }
}

function hear(hands: Hands, { said }: WorkResponse): "leave" | "stay" {
  if (said.case === "receipt") hands.hear(said.value);
  if (said.case === "assignment") void hands.take(said.value);
  return said.case === "reconnect" ? "leave" : "stay";
}
