import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { GroupCommit } from "../../runtime/storage/group.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { appendEvents } from "./append.store.ts";
import type { Publication } from "./batch.ts";
import type { NewEvent } from "./stored.ts";
import { newEvents } from "./stored.ts";
import type { LockedStreams, StreamRef } from "./stream.store.ts";
import { lockStreams, saveWindows, streamKey } from "./stream.store.ts";
import { admit, emptyWindow, type Admission, type Window } from "./window.ts";

/** What became of a batch. */
export interface Published {
  readonly accepted: number;
  readonly duplicates: number;
  /** The cursor of its last new event; 0 when it has none. */
  readonly lastCursor: bigint;
}

/** Stores batches; those of one tenant that come at the same time share one transaction. */
export function publisher(storage: Storage) {
  const writers = new Map<TenantId, GroupCommit<Publication, Published | Fault>>();
  const flush = (tenant: TenantId) => async (batches: readonly Publication[]) => {
    const outcomes = [];
    for (const part of partsOf(batches)) outcomes.push(...(await storePart(storage, tenant, part)));
    return outcomes;
  };
  /** Resolves once the batch is durable. @throws Fault when its stream does not take it. */
  return async (tenant: TenantId, batch: Publication): Promise<Published> => {
    const writer = writers.get(tenant) ?? new GroupCommit(flush(tenant), { itemsMax: batchesMax });
    writers.set(tenant, writer);
    const outcome = await writer.add(batch);
    if (outcome instanceof Fault) throw outcome;
    return outcome;
  };
}

const batchesMax = 64;

/** What one transaction holds at most, and at least one batch. */
const partBytesMax = 4 * 1_048_576;

function partsOf(batches: readonly Publication[]): Publication[][] {
  const parts: Publication[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const batch of batches) {
    const own = batch.events.reduce((sum, event) => sum + event.bytes.length, 0);
    if (bytes + own > partBytesMax) {
      parts.push([]);
      bytes = 0;
    }
    bytes += own;
    parts.at(-1)?.push(batch);
  }
  return parts;
}

/** What fails is told to those of this part: the parts before it are durable. */
async function storePart(
  storage: Storage,
  tenant: TenantId,
  part: readonly Publication[],
): Promise<(Published | Fault)[]> {
  try {
    return await storage.tenant(tenant, (tx) => storeBatches(tx, part));
  } catch (error) {
    if (error instanceof Fault) return part.map(() => error);
    throw error;
  }
}

interface Decided {
  readonly events: readonly NewEvent[];
  readonly duplicates: number;
}

/** One batch's refusal is its own: the others of the transaction are stored. */
async function storeBatches(
  tx: TenantTx,
  batches: readonly Publication[],
): Promise<(Published | Fault)[]> {
  const refs = new Map(batches.map((batch) => [streamKey(batch), batch]));
  const locked = await lockStreams(tx, [...refs.values()]);
  const changed = new Map<string, StreamRef & { readonly window: Window }>();
  const decisions = batches.map((batch) => decideBatch(batch, locked, changed));
  const events = decisions.flatMap((one) => (one instanceof Fault ? [] : one.events));
  if (events.length === 0) return decisions.map((one) => outcomeOf(one, 0n));
  await saveWindows(tx, [...changed.values()]);
  let cursor = await appendEvents(tx, events);
  return decisions.map((one) => {
    if (!(one instanceof Fault)) cursor += BigInt(one.events.length);
    return outcomeOf(one, cursor - 1n);
  });
}

function decideBatch(
  batch: Publication,
  { windows, refused }: LockedStreams,
  changed: Map<string, StreamRef & { readonly window: Window }>,
): Decided | Fault {
  const { source, stream, events } = batch;
  const key = streamKey(batch);
  const refusal = refused.get(key);
  if (refusal !== undefined) return refusal;
  try {
    const { next, fresh } = admitRuns(windows.get(key), batch);
    const stored = newEvents(batch, fresh);
    if (stored.length > 0) {
      windows.set(key, next);
      changed.set(key, { source, stream, window: next });
    }
    return { events: stored, duplicates: events.length - stored.length };
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** A hub's batch has holes, where it decided what does not leave it: each run by itself. */
function admitRuns(known: Window | undefined, { stream, epoch, events }: Publication): Admission {
  let next = known;
  const fresh: boolean[] = [];
  for (let at = 0; at < events.length;) {
    const first = events[at]?.event.sequence ?? 0n;
    let count = 1;
    while (events[at + count]?.event.sequence === first + BigInt(count)) count += 1;
    const admitted = admit(next, { stream, epoch, first, count });
    next = admitted.next;
    fresh.push(...admitted.fresh);
    at += count;
  }
  return { next: next ?? emptyWindow(epoch), fresh };
}

function outcomeOf(decided: Decided | Fault, lastCursor: bigint): Published | Fault {
  if (decided instanceof Fault) return decided;
  const accepted = decided.events.length;
  const { duplicates } = decided;
  return { accepted, duplicates, lastCursor: accepted === 0 ? 0n : lastCursor };
}
