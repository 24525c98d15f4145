import { create } from "@bufbuild/protobuf";
import {
  ReportSchema,
  Verdict,
  type Hold,
  type Receipt,
  type Report,
} from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { backoffMs, reconnectBackoff } from "@foedus/kernel/backoff.ts";
import { spentMax } from "@foedus/kernel/task/limits.ts";
import { wordAbove } from "@foedus/kernel/task/relay.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Loop } from "../../runtime/capability.ts";
import type { ParentLine } from "../../runtime/parent.ts";
import type { Listener } from "./news.flow.ts";
import { callOff, type RelayKit } from "./relay.flow.ts";
import type { RelayBook, RelayShift } from "./relay.shift.flow.ts";
import {
  allRelayed,
  forgetRelayed,
  relayedNow,
  type Relayed,
  type RelayedNow,
} from "./relay.store.ts";

/** How long what another process did may stay unseen. */
const lookMs = 500;
/** Signs of life in a lease, so that two may be lost. */
const beatsInLease = 3;
const beatMsMax = 10_000;
const reportsMax = 256;
/** Results that go together, so that a call stays below what a hub reads. */
const batchBytesMax = 512 * 1_024;
/** How long the parent may take to answer. */
const answerMs = 10_000;

interface Known extends Relayed {
  shift: RelayShift | undefined;
  /** When the parent heard of it last, by the monotonic clock. */
  toldMs: number;
  /** What it heard of the cost and progress. */
  told: string;
  /** Whether it could be called off here. */
  off: Promise<boolean> | undefined;
}

/** What this process holds at the parent: it tells the parent how each goes on, until it ended. */
export class RelayReports implements RelayBook, Listener {
  readonly #kit: RelayKit;
  /** By `upper id/fence`. */
  readonly #known = new Map<string, Known>();
  readonly #byId = new Map<string, Known>();
  /** Words about what never became a task here. */
  readonly #words: Report[] = [];
  /** Aborts when there is something to tell. */
  #news = new AbortController();

  constructor(kit: RelayKit) {
    this.#kit = kit;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  openOf(shift: RelayShift): number {
    return [...this.#known.values()].filter((known) => known.shift === shift).length;
  }

  adopt(shift: RelayShift): Relayed[] {
    const all = [...this.#known.values()];
    for (const known of all) {
      if (known.queue === shift.queue) known.shift ??= shift;
    }
    return all.filter((known) => known.shift === shift);
  }

  /** The shift is no more: what it held is anybody's. */
  orphan(shift: RelayShift): void {
    for (const known of this.#known.values()) if (known.shift === shift) known.shift = undefined;
  }

  took(relayed: Relayed, shift: RelayShift): void {
    this.#add(relayed, shift);
  }

  say(report: Report): void {
    this.#words.push(report);
    this.#news.abort();
  }

  unwanted({ taskId, fence }: Hold, reason: string): void {
    const known = this.#known.get(`${taskId}/${fence}`);
    if (known !== undefined) void this.#off(known, reason);
  }

  changed(key: string): void {
    if (this.#byId.has(key.slice(key.indexOf("/") + 1))) this.#news.abort();
  }

  loop(): Loop {
    return { name: "task.relay_reports", run: (signal) => this.#run(signal) };
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { parent, world, log } = this.#kit.hub;
    let attempt = 0;
    for (let isFirst = true; !signal.aborted;) {
      const line = await parent.line(signal);
      if (line === undefined) return;
      try {
        if (isFirst) await this.#load(line.ownTenant);
        isFirst = false;
        this.#news = new AbortController();
        await this.#turn(line, signal);
        attempt = 0;
        await this.#sleep(signal);
      } catch (error) {
        attempt += 1;
        if (signal.aborted) return;
        if (attempt === 1) log.warn("the parent does not hear how its tasks are", { error });
        await world.timers.sleep(backoffMs(reconnectBackoff, attempt, world.random), signal);
      }
    }
  }

  /** What the process before held goes on. */
  async #load(tenant: TenantId): Promise<void> {
    const { storage, identity } = this.#kit.hub;
    const held = await allRelayed(storage, tenant, identity.hubId);
    for (const one of held) this.#add(one, undefined);
  }

  #add(relayed: Relayed, shift: RelayShift | undefined): void {
    const { upperId, fence, id, queue, heartbeatMs } = relayed;
    const key = `${upperId}/${fence}`;
    const before = this.#known.get(key);
    if (before !== undefined) return void (before.shift ??= shift);
    const toldMs = shift === undefined ? -Infinity : this.#kit.hub.world.clock.monotonic();
    const own = { upperId, fence, id, queue, heartbeatMs };
    const known = { ...own, shift, toldMs, told: "", off: undefined };
    this.#known.set(key, known);
    this.#byId.set(id, known);
  }

  /** Tells all that is to be told now. */
  async #turn(line: ParentLine, signal: AbortSignal): Promise<void> {
    // Of what could not be taken a part may be in the database for all that.
    const isClear = this.#words.length === 0;
    while (this.#words.length > 0) {
      const words = this.#words.slice(0, reportsMax);
      await ask(line, words, signal);
      this.#words.splice(0, words.length);
    }
    if (isClear && this.#known.size === 0) return;
    const { storage, identity } = this.#kit.hub;
    const rows = await relayedNow(storage, line.ownTenant, identity.hubId, reportsMax);
    for (const row of rows) this.#add(row, undefined);
    const due = rows.filter((row) => this.#isDue(row));
    for (const some of batchesOf(due)) {
      const receipts = await ask(line, some.map(reportOf), signal);
      await this.#heard(line.ownTenant, some, receipts);
    }
  }

  #isDue(row: RelayedNow): boolean {
    const known = this.#known.get(`${row.upperId}/${row.fence}`);
    if (known === undefined) return false;
    if (row.ended !== undefined || row.isGone || known.told !== standOf(row)) return true;
    const beatMs = Math.min(beatMsMax, row.heartbeatMs / beatsInLease);
    return this.#kit.hub.world.clock.monotonic() - known.toldMs >= beatMs;
  }

  async #heard(tenant: TenantId, rows: readonly RelayedNow[], receipts: readonly Receipt[]) {
    const over: Relayed[] = [];
    for (const [at, row] of rows.entries()) {
      const known = this.#known.get(`${row.upperId}/${row.fence}`);
      const receipt = receipts[at];
      if (known === undefined || receipt === undefined) continue;
      known.toldMs = this.#kit.hub.world.clock.monotonic();
      known.told = standOf(row);
      const isOver = row.ended !== undefined || row.isGone;
      if (!isOver && receipt.verdict === Verdict.TAKEN) {
        if (receipt.cancelRequested) await this.#off(known, receipt.cancelReason);
        continue;
      }
      const why = `the parent took it back: ${receipt.detail}`;
      // What goes on here stays known, so that the next receipt calls it off again.
      if (!isOver && !(await this.#off(known, why))) continue;
      if (isOver && reportOf(row).said.case === "returned") known.shift?.tire();
      over.push(row);
    }
    await forgetRelayed(this.#kit.hub.storage, tenant, over);
    for (const one of over) this.#forget(one);
  }

  #forget({ upperId, fence, id }: Relayed): void {
    const known = this.#known.get(`${upperId}/${fence}`);
    this.#known.delete(`${upperId}/${fence}`);
    if (this.#byId.get(id) === known) this.#byId.delete(id);
    known?.shift?.settle();
  }

  /** Returns whether it is off; what could not be called off is called off again. */
  async #off(known: Known, reason: string): Promise<boolean> {
    known.off ??= this.#callOff(known, reason);
    const isOff = await known.off;
    if (!isOff) known.off = undefined;
    return isOff;
  }

  async #callOff(known: Known, reason: string): Promise<boolean> {
    const { hub } = this.#kit;
    try {
      const line = await hub.parent.line(hub.draining);
      if (line === undefined) return false;
      await callOff(this.#kit, line.ownTenant, known, reason);
      return true;
    } catch (error) {
      hub.log.warn("a task of the parent could not be called off", { task: known.id, error });
      return false;
    }
  }

  async #sleep(signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#news.signal]);
    await this.#kit.hub.world.timers.sleep(lookMs, either);
  }
}

/** So many as one call carries: by their number, and by the bytes of what came of them. */
export function batchesOf(rows: readonly RelayedNow[]): RelayedNow[][] {
  const batches: RelayedNow[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const own = row.ended?.live.standing.result?.body.length ?? 0;
    const last = batches.at(-1);
    if (last === undefined || bytes + own > batchBytesMax || last.length >= reportsMax) {
      batches.push([row]);
      bytes = own;
    } else {
      last.push(row);
      bytes += own;
    }
  }
  return batches;
}

/** What the parent is told of one. */
function reportOf(row: RelayedNow): Report {
  const { upperId, fence, progress, ended, spent } = row;
  const hold = { taskId: upperId, fence: BigInt(fence) };
  if (row.isGone) return create(ReportSchema, { hold, said: { case: "returned", value: true } });
  if (ended === undefined) {
    const cost = costOf(BigInt(spent) + (progress?.spent ?? 0n));
    if (progress === undefined) return create(ReportSchema, { hold, spent: cost });
    return create(ReportSchema, {
      hold,
      said: { case: "progress", value: { ...progress, spent: cost } },
    });
  }
  const word = wordAbove(ended.live);
  const cost = { spent: BigInt(ended.live.standing.spent) };
  if (word.case === "result") {
    return create(ReportSchema, { hold, ...cost, said: { case: "result", value: word.result } });
  }
  if (word.case === "failure") {
    return create(ReportSchema, { hold, ...cost, said: { case: "failure", value: word.failure } });
  }
  return create(ReportSchema, { hold, ...cost, said: { case: "returned", value: true } });
}

/** The parent hears no more than can be counted. */
function costOf(spent: bigint): bigint {
  return spent < BigInt(spentMax) ? spent : BigInt(spentMax);
}

/** What of it the parent would like to hear at once. */
function standOf({ progress, spent }: RelayedNow): string {
  const { fraction, message, spent: said = 0n } = progress ?? {};
  return JSON.stringify([fraction, message, Number(said) + spent]);
}

async function ask(line: ParentLine, reports: readonly Report[], signal: AbortSignal) {
  const over = { signal, timeoutMs: answerMs };
  const { receipts } = await line.client(WorkService).reportTasks({ reports: [...reports] }, over);
  return receipts;
}
