import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { backoffMs, reconnectBackoff } from "@foedus/kernel/backoff.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Loop } from "../../runtime/capability.ts";
import type { ParentLine } from "../../runtime/parent.ts";
import { linesOf } from "./line.store.ts";
import type { Listener, Ready } from "./news.flow.ts";
import { sharedQueues, type SharedQueue } from "./relay.store.ts";
import type { Handing, Open, UpKit } from "./relay.up.book.flow.ts";
import { claimUp } from "./relay.up.claim.flow.ts";
import { callOffAbove, unfitLines } from "./relay.up.flow.ts";
import { mayRise, rise } from "./relay.up.rise.flow.ts";

/** How often it is looked what nobody here can do. */
const lookMs = 500;
const queuesMs = 1_000;
/** Who has just started finds no worker; so long it is waited for one. */
const patienceMs = 2_000;
/** When the parent is asked again to call off what it did not. */
const againMs = 15_000;

const hands: ReadonlySet<ParentUse> = new Set([ParentUse.HANDS_UP, ParentUse.BOTH]);

/** Hands to the parent what no worker here can do, and calls off what nobody waits for. */
export class HandUp implements Listener {
  readonly #kit: UpKit;
  readonly #book: Handing;
  readonly #tenant: TenantId;
  #queues: readonly SharedQueue[] = [];
  #lookedMs = -Infinity;
  /** The queue that came first in the last turn. */
  #first = "";
  /** Since when nobody here can do what waits in a line, by its id. */
  readonly #unfit = new Map<string, number>();
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
    try {
      await rise(this.#kit.hub, this.#book, line, signal);
    } finally {
      for (const open of this.#book.all()) if (open.lost) await this.#callOff(line, open, signal);
    }
  }

  async #look(nowMs: number): Promise<void> {
    if (nowMs - this.#lookedMs < queuesMs) return;
    const shared = await sharedQueues(this.#kit.hub.storage, this.#tenant);
    this.#queues = shared.filter(({ use }) => hands.has(use));
    this.#book.rests.keep(new Set(this.#queues.map(({ name }) => name)));
    this.#lookedMs = nowMs;
  }

  /** Takes what nobody here can do, as a worker of this hub: each time another queue is first. */
  async #claim(): Promise<void> {
    const nowMs = this.#kit.hub.world.clock.monotonic();
    await this.#look(nowMs);
    const at = this.#queues.findIndex(({ name }) => name > this.#first);
    const from = Math.max(0, at);
    this.#first = this.#queues[from]?.name ?? "";
    for (const { name, paused } of [...this.#queues.slice(from), ...this.#queues.slice(0, from)]) {
      if (paused || this.#book.rests.of(name, nowMs) !== undefined) continue;
      const more = () => mayRise(this.#book, name);
      if (more() <= 0) continue;
      const lines = await this.#unfitFor(name, nowMs);
      await claimUp(this.#kit.hub, this.#book, { queue: name, lines, mayRise: more });
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

  async #callOff(line: ParentLine, open: Open, signal: AbortSignal): Promise<void> {
    const { upperId, isTried } = open;
    const nowMs = this.#kit.hub.world.clock.monotonic();
    // What may be up there is submitted once more before, which tells its id.
    if (nowMs < open.offMs || (upperId === undefined && isTried)) return;
    const isOff = upperId === undefined || (await callOffAbove(line, upperId, signal));
    if (isOff) await this.#book.forget(open);
    else open.offMs = nowMs + againMs;
  }
}
