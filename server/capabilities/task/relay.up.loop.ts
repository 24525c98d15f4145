import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { backoffMs, reconnectBackoff } from "@foedus/kernel/backoff.ts";
import { newUuid } from "@foedus/kernel/ids.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Loop } from "../../runtime/capability.ts";
import type { ParentLine } from "../../runtime/parent.ts";
import { claimTasks } from "./claim.store.ts";
import { linesOf } from "./line.store.ts";
import type { Listener, Ready } from "./news.flow.ts";
import { sharedQueues, type SharedQueue } from "./relay.store.ts";
import type { Handing, Open } from "./relay.up.book.flow.ts";
import {
  callOffAbove,
  isRefusal,
  livingAbove,
  pageSize,
  parentWorker,
  submitAbove,
  unfitLines,
} from "./relay.up.flow.ts";
import type { UpKit } from "./relay.up.book.flow.ts";

/** How often the parent is asked how far tasks are, and it is looked what nobody here can do. */
const lookMs = 500;
const queuesMs = 1_000;
/** Tasks that a process has handed up at a time, at most: the rest waits here, in its order. */
const openMax = 1_000;
/** So many are on their way up at a time. */
const risingMax = 100;
/** Who has just started finds no worker; so long it is waited for one. */
const patienceMs = 2_000;
/** How long a queue stays at home after the parent refused a task of it. */
const refusedMs = 15_000;

const hands: ReadonlySet<ParentUse> = new Set([ParentUse.HANDS_UP, ParentUse.BOTH]);

/** Hands to the parent what no worker here can do, and follows it. */
export class HandUp implements Listener {
  readonly #kit: UpKit;
  readonly #book: Handing;
  readonly #tenant: TenantId;
  #queues: readonly SharedQueue[] = [];
  #lookedMs = -Infinity;
  #followMs = -Infinity;
  /** Since when nobody here can do what waits in a line, by its id. */
  readonly #unfit = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  #news = new AbortController();

  constructor(kit: UpKit, book: Handing) {
    [this.#kit, this.#book, this.#tenant] = [kit, book, book.tenant];
    book.listen(() => this.#news.abort());
  }

  ready(all: readonly Ready[]): void {
    const isOurs = ({ tenant, queue }: Ready) =>
      tenant === this.#tenant && this.#queues.some(({ name }) => name === queue);
    if (all.some(isOurs)) this.#news.abort();
  }

  loop(): Loop {
    return { name: "task.hand_up", run: (signal) => this.#run(signal) };
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { parent, world, log } = this.#kit.hub;
    let attempt = 0;
    while (!signal.aborted) {
      const line = await parent.line(signal);
      if (line === undefined) return;
      this.#news = new AbortController();
      try {
        await this.#turn(line, signal);
        attempt = 0;
        await world.timers.sleep(lookMs, AbortSignal.any([signal, this.#news.signal]));
      } catch (error) {
        attempt += 1;
        if (signal.aborted) return;
        if (attempt === 1) log.warn("nothing is handed to the parent now", { error });
        await world.timers.sleep(backoffMs(reconnectBackoff, attempt, world.random), signal);
      }
    }
  }

  async #turn(line: ParentLine, signal: AbortSignal): Promise<void> {
    await this.#claim();
    for (const open of this.#book.all()) {
      if (open.upperId === undefined) await this.#submit(line, open, signal);
    }
    for (const open of this.#book.all()) {
      if (open.lost) await this.#callOff(line, open, signal);
    }
    await this.#follow(line, signal);
  }

  async #look(nowMs: number): Promise<void> {
    if (nowMs - this.#lookedMs < queuesMs) return;
    const shared = await sharedQueues(this.#kit.hub.storage, this.#tenant);
    this.#queues = shared.filter(({ use }) => hands.has(use));
    this.#lookedMs = nowMs;
  }

  /** Takes what nobody here can do, as a worker of this hub. */
  async #claim(): Promise<void> {
    const { storage, world, identity } = this.#kit.hub;
    const nowMs = world.clock.monotonic();
    await this.#look(nowMs);
    for (const { name: queue, paused } of this.#queues) {
      const rising = this.#book.all().filter(({ upperId }) => upperId === undefined).length;
      const room = Math.min(openMax - this.#book.size, risingMax - rising);
      if (paused || room <= 0 || nowMs < (this.#refused.get(queue) ?? 0)) continue;
      const lines = await this.#unfitFor(queue, nowMs);
      if (lines.length === 0) continue;
      const claimId = newUuid(world.random);
      const holder = { nodeId: identity.hubId, worker: parentWorker, claimId };
      const claim = { tenant: this.#tenant, queue, lines, wishes: [{ ...holder, count: room }] };
      const { tasks } = await claimTasks(storage, claim);
      await this.#book.take(tasks[0] ?? []);
    }
  }

  /** Lines that nobody here could do for a while. */
  async #unfitFor(queue: string, nowMs: number): Promise<string[]> {
    const { hub, crews } = this.#kit;
    const lines = await linesOf(hub.storage, this.#tenant, queue);
    const { workers } = await crews.list(this.#tenant, { queue });
    const unfit = new Set(unfitLines(lines, workers).map(({ id }) => id));
    for (const { id } of lines) if (!unfit.has(id)) this.#unfit.delete(id);
    return [...unfit].filter((id) => {
      const sinceMs = this.#unfit.get(id) ?? nowMs;
      this.#unfit.set(id, sinceMs);
      return nowMs - sinceMs >= patienceMs;
    });
  }

  async #submit(line: ParentLine, open: Open, signal: AbortSignal): Promise<void> {
    try {
      await this.#book.submitted(open, await submitAbove(line, open, signal));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const { queue, id } = open;
      this.#kit.hub.log.warn("the parent refused a task", { queue, task: id, error });
      this.#refused.set(queue, this.#kit.hub.world.clock.monotonic() + refusedMs);
      await this.#book.end(open, { case: "returned" });
    }
  }

  async #callOff(line: ParentLine, open: Open, signal: AbortSignal): Promise<void> {
    if (open.upperId !== undefined) await callOffAbove(line, open, open.upperId, signal);
    await this.#book.forget(open);
  }

  /** How far they have come; the more they are, the less often it is asked: a page a turn. */
  async #follow(line: ParentLine, signal: AbortSignal): Promise<void> {
    const open = this.#book.all().filter(({ lost, upperId }) => !lost && upperId !== undefined);
    const nowMs = this.#kit.hub.world.clock.monotonic();
    if (open.length === 0 || nowMs < this.#followMs) return;
    this.#followMs = nowMs + lookMs * Math.floor(open.length / pageSize);
    const living = await livingAbove(line, this.#kit.hub.identity.hubId, signal);
    for (const one of open) {
      const lives = living.get(one.upperId ?? "");
      if (lives !== undefined) await this.#book.progress(one, lives);
    }
  }
}
