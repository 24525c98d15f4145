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

/** Events that wait for the hub's word, one line after the other in order. */
export interface Outbox {
  /** Resolves once the hub has stored it. */
  add(line: Line, draft: Draft, signal?: AbortSignal): Promise<Place>;
  /** How many wait. */
  waiting(): number;
  /** How many the hub has stored since the node was opened. */
  published(): number;
  /** Resolves when nothing waits any more. */
  drained(): Promise<void>;
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

/** An empty outbox. */
export function openOutbox(out: OutboxKit, limits: OutboxLimits = outboxLimits): Outbox {
  const { kit } = out;
  const queues = new Map<Line, Queue>();
  let events = 0;
  let bytes = 0;
  let published = 0;
  let idle = Promise.withResolvers<void>();

  function add(line: Line, draft: Draft, signal?: AbortSignal): Promise<Place> {
    signal?.throwIfAborted();
    kit.ended.signal.throwIfAborted();
    if (events >= limits.eventsMax || bytes + draft.payload.length > limits.bytesMax) {
      throw new FoedusError(Reason.OUTBOX_FULL, { waiting: events, limit: limits.eventsMax });
    }
    const settled = Promise.withResolvers<Place>();
    const queue = queues.get(line) ?? { items: [], running: false };
    queues.set(line, queue);
    queue.items.push({ draft, signal, settled, alone: false, tries: 0 });
    events += 1;
    bytes += draft.payload.length;
    if (!queue.running) void run(line, queue);
    return settled.promise;
  }

  function leave({ draft }: Waiting, settle: () => void): void {
    events -= 1;
    bytes -= draft.payload.length;
    settle();
    if (events > 0) return;
    idle.resolve();
    idle = Promise.withResolvers();
  }

  /** One batch of a line is under way at a time, so that the hub sees its events in order. */
  async function run(line: Line, queue: Queue): Promise<void> {
    queue.running = true;
    while (queue.items.length > 0) {
      if (queue.items.length < batchEventsMax) await kit.world.timers.sleep(lingerMs);
      const items = take(queue, (item) => leave(item, () => abandon(item)));
      if (items.length > 0) await send(line, queue, items);
    }
    queue.running = false;
  }

  async function send(line: Line, queue: Queue, items: readonly Waiting[]): Promise<void> {
    const { signal } = kit.ended;
    try {
      await out.link.ready(signal);
      const sealed = await line.seal(items.map((item) => item.draft));
      await deliver(out, sealed);
      published += items.length;
      for (const [at, item] of items.entries()) {
        const place = sealed.places[at];
        if (place !== undefined) leave(item, () => item.settled.resolve(place));
      }
    } catch (thrown) {
      const error = errorOf(signal.aborted ? signal.reason : thrown);
      if (!signal.aborted && mayGoAgain(error, items)) {
        queue.items.unshift(...items);
      } else {
        for (const item of items) leave(item, () => item.settled.reject(error));
      }
      if (signal.aborted) return;
      await line.restart(Number(error.facts.known ?? 0)).catch(() => undefined);
    }
  }

  return {
    add: async (line, draft, signal) => add(line, draft, signal),
    waiting: () => events,
    published: () => published,
    drained: () => (events === 0 ? Promise.resolve() : idle.promise),
  };
}

/** The same bytes again and again: the hub knows them by their sequence and stores them once. */
async function deliver({ kit, client }: OutboxKit, { batch }: Sealed): Promise<void> {
  const { world, ended } = kit;
  const publish = () => client.publish({ batch }, { timeoutMs: answerMs, signal: ended.signal });
  await persist(publish, { world, signal: ended.signal });
}

/**
 * Under a new epoch when the hub no longer takes the old one; else, as a batch is refused for one of
 * its events, each in a batch of its own.
 */
function mayGoAgain({ reason }: FoedusError, items: readonly Waiting[]): boolean {
  const outdated = reason === Reason.EVENT_EPOCH_OLD || reason === Reason.EVENT_SEQUENCE_OLD;
  if (items.some((item) => (item.tries += 1) > triesMax)) return false;
  if (outdated) return true;
  if (items.every((item) => item.alone)) return false;
  for (const item of items) item.alone = true;
  return true;
}

function take(queue: Queue, abandoned: (item: Waiting) => void): Waiting[] {
  const taken: Waiting[] = [];
  let bytes = 0;
  while (taken.length < batchEventsMax) {
    const [item] = queue.items;
    if (item === undefined || (item.alone && taken.length > 0)) break;
    bytes += item.draft.payload.length;
    if (bytes > batchBytesMax && taken.length > 0) break;
    queue.items.shift();
    if (item.signal?.aborted === true) abandoned(item);
    else taken.push(item);
    if (item.alone) break;
  }
  return taken;
}

function abandon({ settled, signal }: Waiting): void {
  settled.reject(signal?.reason);
}
