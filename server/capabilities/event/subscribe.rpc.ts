import type { MessageInitShape } from "@bufbuild/protobuf";
import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type {
  SubscribeRequest,
  SubscribeResponseSchema,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { LogEntry, LogPage } from "../../runtime/storage/log.ts";
import { readHead } from "../../runtime/storage/log.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { TailReader } from "../../runtime/storage/tail.ts";
import { eventLog } from "./append.store.ts";
import { isFamily } from "./family.ts";
import { withPaths } from "./proof.store.ts";
import { storedEvent } from "./stored.ts";

/** What subscribing takes. */
export interface SubscribeKit {
  readonly storage: Storage;
  readonly tails: (tenant: TenantId) => TailReader;
}

type Item = MessageInitShape<typeof SubscribeResponseSchema>;
type Items = AsyncGenerator<Item, void, void>;

/** After so long a silence a subscriber is told that it has missed nothing. */
const silenceMs = 15_000;

/** One delivery holds at most this, and at least one event. */
const deliveryBytesMax = 1_048_576;
const pageMax = 500;
const pageFirst = 32;
const pageMin = 4;

/**
 * The log from a cursor on, at the pace of whoever reads. It holds nothing for a slow subscriber
 * but the cursor: one that falls behind the shared end of the log reads the table, and what the
 * table no longer keeps is told as a gap.
 */
export async function* subscribe(
  kit: SubscribeKit,
  tenant: TenantId,
  wish: SubscribeRequest,
  signal: AbortSignal,
): Items {
  const tail = kit.tails(tenant);
  const { clock } = kit.storage.world;
  const { types: kinds, sources, subjects } = wish;
  const filter = { kinds, sources, subjects };
  try {
    const start = await headOf(kit, tenant);
    let cursor = wish.afterCursor ?? start;
    if (cursor > start) {
      yield gapItem(start + 1n, cursor, `the log ends at ${start}: it is an older one`);
      cursor = start;
    }
    let limit = pageFirst;
    let caughtUp = false;
    let quietMs = clock.monotonic();
    while (!signal.aborted) {
      const read = await tail.read(cursor, limit, filter);
      const page = without(read, wish.exceptTypes);
      if (page.gap !== undefined) yield gapItem(page.gap.from, page.gap.to, "it is no longer kept");
      yield* deliveries(kit, tenant, page, wish.withProofs);
      if (page.entries.length > 0) quietMs = clock.monotonic();
      limit = nextLimit(read.entries);
      ({ cursor } = page);
      const first: boolean = !caughtUp && cursor >= start;
      if (first || clock.monotonic() - quietMs >= silenceMs) {
        yield { item: { case: "head", value: { cursor } } };
        quietMs = clock.monotonic();
        caughtUp ||= first;
      }
      if (wish.untilHead && caughtUp) return;
      const waitMs = silenceMs - (clock.monotonic() - quietMs);
      if (cursor >= page.head) await tail.grown(cursor, Math.max(0, waitMs), signal);
    }
  } finally {
    tail.close();
  }
}

function headOf(kit: SubscribeKit, tenant: TenantId): Promise<bigint> {
  return kit.storage.tenant(tenant, async (tx) => (await readHead(tx, eventLog)).seq);
}

/** The page without some families; it leads as far. */
function without(page: LogPage, families: readonly string[]): LogPage {
  if (families.length === 0) return page;
  const entries = page.entries.filter(
    ({ kind }) => !families.some((family) => isFamily(kind, family)),
  );
  return { ...page, entries };
}

/**
 * The events of a page in log order; the last delivery also covers what was filtered out after
 * it.
 */
async function* deliveries(
  kit: SubscribeKit,
  tenant: TenantId,
  page: LogPage,
  withProofs: boolean,
): Items {
  const parts = partsOf(page.entries);
  for (const [at, part] of parts.entries()) {
    const proved = part.map((entry) => storedOnce(entry).proved);
    const events = withProofs
      ? await withPaths(kit.storage, tenant, proved)
      : part.map((entry) => storedOnce(entry).bare);
    const last = at === parts.length - 1;
    const cursor = last ? page.cursor : (events.at(-1)?.cursor ?? page.cursor);
    yield { item: { case: "delivery", value: { events, cursor } } };
  }
}

function partsOf(entries: readonly LogEntry[]): LogEntry[][] {
  const parts: LogEntry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    if (bytes + entry.body.length > deliveryBytesMax) {
      parts.push([]);
      bytes = 0;
    }
    bytes += entry.body.length;
    parts.at(-1)?.push(entry);
  }
  return parts;
}

/** How many entries make about one delivery, going by the page before. */
function nextLimit(entries: readonly LogEntry[]): number {
  const bytes = entries.reduce((sum, entry) => sum + entry.body.length, 0);
  const fitting = Math.floor((deliveryBytesMax * entries.length) / Math.max(1, bytes));
  return entries.length === 0 ? pageFirst : Math.min(pageMax, Math.max(pageMin, fitting));
}

interface Stored {
  readonly proved: StoredEvent;
  readonly bare: StoredEvent;
}

const stored = new WeakMap<LogEntry, Stored>();

/** All subscribers at the end of a log share its entries, and what was read out of them. */
function storedOnce(entry: LogEntry): Stored {
  const known = stored.get(entry);
  if (known !== undefined) return known;
  const proved = storedEvent(entry);
  const both = { proved, bare: { ...proved, proof: undefined } };
  stored.set(entry, both);
  return both;
}

function gapItem(fromCursor: bigint, toCursor: bigint, reason: string): Item {
  return { item: { case: "gap", value: { fromCursor, toCursor, reason } } };
}
