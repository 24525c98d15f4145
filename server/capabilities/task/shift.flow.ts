import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { ReportSchema, Verdict, type Report } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { Worker } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { WorkResponseSchema } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { assignmentOf, isLast, receiptOf, reportOf } from "./assign.flow.ts";
import type { Mate } from "./crew.flow.ts";
import type { KnownNode } from "./nodes.flow.ts";
import { Outbox } from "./outbox.ts";
import { give, giveBack, report, reportsMax, type WorkKit } from "./report.flow.ts";
import type { TaskReport } from "./report.store.ts";
import type { Stored } from "./row.store.ts";
import { Unheard } from "./unheard.flow.ts";

/** What the hub says over a stream. */
export type Said = MessageInitShape<typeof WorkResponseSchema>;

/** Receipts and tasks that may wait for a slow reader before its own words do. */
const unreadMax = 256;
/** Words of one stream that are being stored at a time. */
const underwayMax = 256;
/** Tasks that are claimed for one worker at a time. */
const claimMax = 64;
/** How often a worker is to give a sign, unless a lease is shorter. */
const beatMs = 10_000;
/** Signs in a lease, so that two may be lost. */
const beatsInLease = 3;
const beatMsMin = 200;

/** A worker at work over a stream. */
export class Shift {
  readonly out = new Outbox<Said>(unreadMax);
  readonly #kit: WorkKit;
  readonly #unheard: Unheard;
  #mate: Mate;
  /** Holds and room together, as of the worker's last word about room. */
  #capacity = 0;
  #beatMs = beatMs;
  #underway = 0;
  #isBeating = false;
  #idle: (() => void) | undefined;
  #asking: AbortController | undefined;
  readonly #over = new AbortController();

  constructor(
    kit: WorkKit,
    who: { readonly tenant: TenantId; readonly node: KnownNode },
    worker: Worker,
  ) {
    this.#kit = kit;
    this.#unheard = new Unheard(kit, () => this.#mate);
    this.#mate = this.#joined(who, worker, undefined);
    this.#say({ case: "beatEvery", value: durationFromMs(this.#beatMs) });
  }

  /** It says anew who it is: what it holds stays. */
  rename(worker: Worker): void {
    this.#seen();
    const before = this.#mate;
    const holds = [...before.holds];
    this.#kit.crew.leave(before);
    this.#mate = this.#joined(before, worker, before);
    for (const [id, held] of holds) this.#kit.crew.holds(this.#mate, id, held);
    this.#askAgain();
  }

  /** It has room for so many more than it holds; a task that ends makes room by itself. */
  room(count: number): void {
    this.#seen();
    const { worker, holds } = this.#mate;
    this.#capacity = count === 0 ? 0 : Math.min(worker.concurrency, holds.size + count);
    this.#mate.isDraining = count === 0;
    this.#kit.crew.touch(this.#mate);
    if (count > 0) this.#unheard.said();
    this.#askAgain();
  }

  /** Words about tasks; waits while too many are on their way. */
  async report(said: readonly Report[]): Promise<void> {
    await this.#spare();
    const { tenant, node } = this.#mate;
    const reports = said.map((each) => reportOf(tenant, node.nodeId, each));
    this.#unheard.heard(this.#store(reports, true));
  }

  /** A sign of life renews all it holds; while one is on its way another is the same. */
  beat(): void {
    this.#seen();
    if (this.#isBeating) return;
    const { tenant, node, holds } = this.#mate;
    const beats = [...holds].map(([taskId, { fence, spent = 0 }]) => {
      const hold = { taskId, fence: BigInt(fence) };
      // What it said it costs goes on to count: signs of life are told, too, that it is too much.
      const beat = create(ReportSchema, { hold, spent: BigInt(spent) });
      return reportOf(tenant, node.nodeId, beat);
    });
    this.#isBeating = beats.length > 0;
    for (let at = 0; at < beats.length; at += reportsMax) {
      void this.#store(beats.slice(at, at + reportsMax), false);
    }
  }

  /** It says nothing more itself. */
  async finish(): Promise<void> {
    this.#leave();
    while (this.#underway > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    this.out.end();
  }

  /** Asks for nothing more: who is gone must not wait at the desk for ever. */
  #leave(): void {
    this.#over.abort();
    this.#asking?.abort();
    this.#unheard.stop();
  }

  /** The stream is over; what it never read of is given back. */
  end(error?: unknown): void {
    this.#leave();
    this.#giveBack(this.out.cut(error));
    this.#kit.crew.leave(this.#mate);
  }

  #joined(
    who: { readonly tenant: TenantId; readonly node: KnownNode },
    worker: Worker,
    before: Mate | undefined,
  ): Mate {
    const nowMs = this.#kit.hub.storage.nowMs();
    const { completed = 0, failed = 0, isDraining = false, sinceMs = nowMs } = before ?? {};
    const stop = (taskId: string, fence: number, reason: string) => {
      this.#say({ case: "stop", value: { hold: { taskId, fence: BigInt(fence) }, reason } });
    };
    return this.#kit.crew.join({
      tenant: who.tenant,
      node: who.node,
      worker,
      sinceMs,
      seenMs: nowMs,
      completed,
      failed,
      isDraining,
      holds: new Map(),
      free: () => this.#free(),
      line: {
        stop,
        moved: (node) => this.#moved(node),
        roomier: () => this.#roomier(),
        replaced: () => this.end(),
      },
    });
  }

  /** What its node says of itself counts for what it is asked for next. */
  #moved(node: KnownNode): void {
    this.#mate.node = node;
    this.#kit.crew.touch(this.#mate);
    this.#askAgain();
  }

  /** Asks for tasks as long as there is room. */
  async #work(): Promise<void> {
    const { desk } = this.#kit;
    while (!this.#over.signal.aborted && this.#free() > 0) {
      const asking = (this.#asking = new AbortController());
      try {
        // What a slow reader has not read yet is enough for it.
        await this.out.roomy(claimMax);
        const wish = this.#wish();
        this.#assign(await desk.claim(wish, asking.signal));
      } finally {
        this.#asking = undefined;
      }
    }
  }

  #askAgain(): void {
    if (this.#asking !== undefined) return this.#asking.abort();
    if (this.#over.signal.aborted || this.#free() === 0) return;
    this.#work().catch((error: unknown) => this.end(error));
  }

  #wish() {
    const { tenant, node, worker } = this.#mate;
    const claimId = this.#unheard.claimId();
    return {
      tenant,
      queue: worker.queue,
      offer: worker,
      node,
      mayRepeat: false,
      holder: { nodeId: node.nodeId, worker: worker.name, claimId },
      count: () => Math.min(claimMax, this.#free()),
    };
  }

  #free(): number {
    if (this.#over.signal.aborted || this.#mate.isSilent === true) return 0;
    const { worker, holds } = this.#mate;
    return Math.max(0, Math.min(this.#capacity, worker.concurrency) - holds.size);
  }

  #assign(tasks: readonly Stored[]): void {
    const { storage } = this.#kit.hub;
    const items = tasks.map((stored): Said => {
      const value = assignmentOf(stored, storage.nowMs());
      return { said: { case: "assignment", value } };
    });
    give(this.#kit, this.#mate, tasks);
    for (const [at, { live }] of tasks.entries()) {
      this.#hasten(live.terms.heartbeatMs);
      const item = items[at];
      if (item !== undefined && !this.out.put(item)) this.#giveBack([item]);
    }
  }

  /** Who holds something with a short lease is to give signs more often. */
  #hasten(leaseMs: number): void {
    const wanted = Math.max(beatMsMin, Math.floor(leaseMs / beatsInLease));
    if (wanted >= this.#beatMs) return;
    this.#beatMs = wanted;
    this.#say({ case: "beatEvery", value: durationFromMs(wanted) });
  }

  #say(said: Said["said"]): void {
    this.out.put({ said });
  }

  async #spare(): Promise<void> {
    await this.out.roomy();
    while (this.#underway >= underwayMax) {
      await new Promise<void>((resolve) => (this.#idle = resolve));
    }
  }

  async #store(reports: readonly TaskReport[], answersAll: boolean): Promise<void> {
    this.#seen();
    this.#underway += 1;
    await this.#answer(reports, answersAll)
      .catch((error: unknown) => this.end(error))
      .finally(() => this.#stored(answersAll));
  }

  async #answer(reports: readonly TaskReport[], answersAll: boolean): Promise<void> {
    const receipts = await report(this.#kit, reports);
    for (const [at, said] of reports.entries()) {
      const receipt = receipts[at];
      if (receipt === undefined) continue;
      const isHeld = receipt.verdict === Verdict.TAKEN && !isLast(said, receipt);
      // A hold from before, e.g. of a stream that broke: from now on signs of life renew it too.
      if (isHeld && answersAll) this.#attach(said, receipt.leaseMs);
      if (isHeld && !answersAll && receipt.stop === undefined) continue;
      this.#say({ case: "receipt", value: receiptOf(said, receipt) });
    }
    this.#roomier();
  }

  /** What ended makes room by itself. */
  #roomier(): void {
    if (this.#asking === undefined) this.#askAgain();
  }

  #attach({ id, fence }: TaskReport, leaseMs = beatMs * beatsInLease): void {
    const { holds, worker } = this.#mate;
    if (holds.get(id)?.fence === fence) return;
    this.#hasten(leaseMs);
    this.#kit.crew.holds(this.#mate, id, { fence, queue: worker.queue, kind: "" });
  }

  #stored(answersAll: boolean): void {
    this.#underway -= 1;
    if (!answersAll) this.#isBeating = false;
    const wake = this.#idle;
    this.#idle = undefined;
    wake?.();
  }

  #seen(): void {
    this.#mate.seenMs = this.#kit.hub.storage.nowMs();
    if (this.#mate.isSilent !== true) return;
    this.#mate.isSilent = false;
    this.#kit.crew.touch(this.#mate);
    this.#askAgain();
  }

  /** Tasks the worker never heard of are not to wait for the end of their leases. */
  #giveBack(unread: readonly Said[]): void {
    const holds = unread.flatMap(({ said }) => {
      const hold = said?.case === "assignment" ? said.value.hold : undefined;
      return hold === undefined ? [] : [hold];
    });
    giveBack(this.#kit, this.#mate, holds).catch((error: unknown) => {
      this.#kit.hub.log.warn("tasks could not be given back; their holds lapse", { error });
    });
  }
}
