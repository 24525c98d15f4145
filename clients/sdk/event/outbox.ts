import type { Client } from "@connectrpc/connect";
import type { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { FoedusError } from "../error.ts";
import { errorOf } from "../error.wire.ts";
import type { NodeKit } from "../link/kit.ts";
import type { Link } from "../link/link.ts";
import { persist } from "../wire/persist.ts";
import type { Draft, Line, Place, Sealed } from "./line.ts";

/** How much may wait, and how it is gathered. */
export interface OutboxLimits {
  readonly eventsMax: number;
  readonly bytesMax: number;
}

/** What outboxes hold unless told otherwise. */
export const outboxLimits: OutboxLimits = { eventsMax: 10_000, bytesMax: 16 * 1024 * 1024 };

/** One signature covers what comes within a moment. */
const batchEventsMax = 64;
const batchBytesMax = 786_432;
const lingerMs = 5;
const answerMs = 15_000;
const triesMax = 3;

interface Waiting {
  readonly draft: Draft;
  readonly signal: AbortSignal | undefined;
  readonly settled: PromiseWithResolvers<Place>;
  /** Whether it goes in a batch of its own, since one it shared was refused. */
  alone: boolean;
  tries: number;
}

interface Queue {
  readonly items: Waiting[];
  running: boolean;
}

/** What an outbox sends with. */
export interface OutboxKit {
  readonly kit: NodeKit;
  readonly link: Link;
  readonly client: Client<typeof EventService>;
}

/** Events that wait for the hub's word, one line after the other in order. */
export class Outbox {
  readonly #out: OutboxKit;
  readonly #limits: OutboxLimits;
  readonly #queues = new Map<Line, Queue>();
  #events = 0;
  #bytes = 0;
  #published = 0;
  #idle = Promise.withResolvers<void>();

  constructor(out: OutboxKit, limits: OutboxLimits = outboxLimits) {
    this.#out = out;
    this.#limits = limits;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#events;
  }

  /** How many the hub has stored since the node was opened. */
  get published(): number {
    return this.#published;
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    if (this.#events > 0) await this.#idle.promise;
  }

  /** Resolves once the hub has stored it. */
  async add(line: Line, draft: Draft, signal?: AbortSignal): Promise<Place> {
    signal?.throwIfAborted();
    this.#out.kit.ended.signal.throwIfAborted();
    const { eventsMax, bytesMax } = this.#limits;
    if (this.#events >= eventsMax || this.#bytes + draft.payload.length > bytesMax) {
      throw new FoedusError(Reason.OUTBOX_FULL, { waiting: this.#events, limit: eventsMax });
    }
    const settled = Promise.withResolvers<Place>();
    const queue = this.#queues.get(line) ?? { items: [], running: false };
    this.#queues.set(line, queue);
    queue.items.push({ draft, signal, settled, alone: false, tries: 0 });
    this.#events += 1;
    this.#bytes += draft.payload.length;
    if (!queue.running) void this.#run(line, queue);
    return settled.promise;
  }

  /** One batch of a line is under way at a time, so that the hub sees its events in order. */
  async #run(line: Line, queue: Queue): Promise<void> {
    queue.running = true;
    const { timers } = this.#out.kit.world;
    while (queue.items.length > 0) {
      if (queue.items.length < batchEventsMax) await timers.sleep(lingerMs);
      const { wanted, abandoned } = take(queue);
      for (const item of abandoned) {
        this.#leave(item).reject(item.signal?.reason);
      }
      if (wanted.length > 0) await this.#send(line, queue, wanted);
    }
    queue.running = false;
  }

  async #send(line: Line, queue: Queue, items: readonly Waiting[]): Promise<void> {
    const { signal } = this.#out.kit.ended;
    try {
      await this.#out.link.ready(signal);
      const sealed = await line.seal(items.map((item) => item.draft));
      await deliver(this.#out, sealed);
      this.#published += items.length;
      for (const [at, item] of items.entries()) {
        const place = sealed.places[at];
        if (place !== undefined) this.#leave(item).resolve(place);
      }
    } catch (thrown) {
      const error = errorOf(signal.aborted ? signal.reason : thrown);
      if (!signal.aborted && mayGoAgain(error, items)) queue.items.unshift(...items);
      else for (const item of items) this.#leave(item).reject(error);
      if (signal.aborted) return;
      await line.restart(Number(error.facts.known ?? 0)).catch(() => undefined);
    }
  }

  #leave({ draft, settled }: Waiting): PromiseWithResolvers<Place> {
    this.#events -= 1;
    this.#bytes -= draft.payload.length;
    if (this.#events === 0) {
      this.#idle.resolve();
      this.#idle = Promise.withResolvers();
    }
    return settled;
  }
}

/** The same bytes again and again: the hub knows them by their sequence and stores them once. */
async function deliver({ kit, client }: OutboxKit, { batch }: Sealed): Promise<void> {
  const { world, ended } = kit;
  const publish = () => client.publish({ batch }, { timeoutMs: answerMs, signal: ended.signal });
  await persist(publish, { world, signal: ended.signal });
}

/**
 * Under a new epoch when the hub no longer takes the old one; else, as a batch is refused for one
 * of its events, each in a batch of its own.
 */
function mayGoAgain({ reason }: FoedusError, items: readonly Waiting[]): boolean {
  const outdated = reason === Reason.EVENT_EPOCH_OLD || reason === Reason.EVENT_SEQUENCE_OLD;
  if (items.some((item) => (item.tries += 1) > triesMax)) return false;
  if (outdated) return true;
  if (items.every((item) => item.alone)) return false;
  for (const item of items) item.alone = true;
  return true;
}

/** The next batch, and what nobody waits for any more. */
function take(queue: Queue): { wanted: Waiting[]; abandoned: Waiting[] } {
  const wanted: Waiting[] = [];
  const abandoned: Waiting[] = [];
  let bytes = 0;
  while (wanted.length < batchEventsMax) {
    const [item] = queue.items;
    if (item === undefined || (item.alone && wanted.length > 0)) break;
    bytes += item.draft.payload.length;
    if (bytes > batchBytesMax && wanted.length > 0) break;
    queue.items.shift();
    if (item.signal?.aborted === true) abandoned.push(item);
    else wanted.push(item);
    if (item.alone) break;
  }
  return { wanted, abandoned };
}
