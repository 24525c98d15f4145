import type { Client } from "@connectrpc/connect";
import type { Batch } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { NodeKit } from "../link/kit.ts";
import type { Link } from "../link/link.ts";
import { persist } from "../wire/persist.ts";
import type { Draft, Line } from "./line.ts";

/** What became of a whole stream of events. */
export interface BulkResult {
  /** Events that are new in the log. */
  readonly accepted: number;
  /** Events the hub knew already, because an answer was lost and they were sent again. */
  readonly duplicates: number;
}

/** What a bulk is sent with. */
export interface BulkKit {
  readonly kit: NodeKit;
  readonly link: Link;
  readonly client: Client<typeof EventService>;
}

const batchEventsMax = 64;
const batchBytesMax = 786_432;
/** Unanswered at most; the hub can tell again what it stored among the last 1,024. */
const portionEventsMax = 512;
const answerMs = 60_000;

/**
 * Sends events as they come from the source, in signed batches over client streams. One stream
 * carries a portion; a portion whose answer was lost goes again, and the hub counts it as
 * duplicates.
 */
export async function publishBulk(
  bulk: BulkKit,
  line: Line,
  drafts: AsyncIterable<Draft> | Iterable<Draft>,
  signal: AbortSignal,
): Promise<BulkResult> {
  const sum = { accepted: 0, duplicates: 0 };
  for await (const portion of portionsOf(drafts)) {
    signal.throwIfAborted();
    await bulk.link.ready(signal);
    const batches: Batch[] = [];
    for (const part of batchesOf(portion)) batches.push((await line.seal(part)).batch);
    try {
      const { accepted, duplicates } = await send(bulk, batches, signal);
      sum.accepted += Number(accepted);
      sum.duplicates += Number(duplicates);
    } catch (error) {
      await line.restart().catch(() => undefined);
      throw error;
    }
  }
  return sum;
}

function send({ kit, client }: BulkKit, batches: readonly Batch[], signal: AbortSignal) {
  const { world } = kit;
  return persist(() => client.publishStream(requestsOf(batches), { timeoutMs: answerMs, signal }), {
    world,
    signal,
  });
}

async function* requestsOf(batches: readonly Batch[]): AsyncGenerator<{ batch: Batch }> {
  for (const batch of batches) yield { batch };
}

async function* portionsOf(
  drafts: AsyncIterable<Draft> | Iterable<Draft>,
): AsyncGenerator<Draft[]> {
  let portion: Draft[] = [];
  for await (const draft of drafts) {
    portion.push(draft);
    if (portion.length < portionEventsMax) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

function batchesOf(portion: readonly Draft[]): Draft[][] {
  const batches: Draft[][] = [];
  let bytes = 0;
  for (const draft of portion) {
    const last = batches.at(-1);
    bytes += draft.payload.length;
    if (last === undefined || last.length >= batchEventsMax || bytes > batchBytesMax) {
      batches.push([draft]);
      bytes = draft.payload.length;
    } else {
      last.push(draft);
    }
  }
  return batches;
}
