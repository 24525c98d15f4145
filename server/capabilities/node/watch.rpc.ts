import type { MessageInitShape } from "@bufbuild/protobuf";
import type { NodePulse } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { WatchNodesResponseSchema } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { LogEntry } from "../../runtime/storage/log.ts";
import { readHead } from "../../runtime/storage/log.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { TailReader } from "../../runtime/storage/tail.ts";
import type { NodeStore } from "./node.store.ts";
import type { PulseReader } from "./pulse.loop.ts";

/** What watching takes. */
export interface WatchKit {
  readonly storage: Storage;
  readonly store: NodeStore;
  readonly tails: (tenant: TenantId) => TailReader;
  readonly pulses: (tenant: TenantId) => PulseReader;
}

type Item = MessageInitShape<typeof WatchNodesResponseSchema>;
type Items = AsyncGenerator<Item, void, void>;

const partMax = 200;
/** Parts that are read at once: a question costs more than a hundred of the nodes it is about. */
const partsRead = 5;
const pageMax = 200;
const pulsesMax = 500;
const lookMs = 500;
/** After a change others may follow: they are read together, a tenth of a second later. */
const gatherMs = 100;
/** How long a watch is silent at most: who hears nothing for longer has lost the hub. */
const beatMs = 15_000;
const filter = { kinds: ["node.*"] };

/**
 * The nodes now and each change, at the pace of whoever reads: nothing is held for a slow one but
 * its cursor, one pulse a node, and of a snapshot the next few parts.
 */
export async function* watchNodes(
  kit: WatchKit,
  tenant: TenantId,
  after: bigint | undefined,
  signal: AbortSignal,
): Items {
  const tail = kit.tails(tenant);
  const pulses = kit.pulses(tenant);
  let beatDueMs = 0;
  try {
    const head = await headOf(kit, tenant);
    let cursor = after ?? head;
    const ahead = cursor > head;
    if (ahead) yield gapItem(head + 1n, cursor, `the log ends at ${head}: it is an older one`);
    if (ahead || after === undefined) yield* snapshot(kit, tenant, (cursor = head));
    while (!signal.aborted) {
      const page = await tail.read(cursor, pageMax, filter);
      if (page.gap === undefined) {
        yield* changes(kit, tenant, page.entries);
        cursor = page.cursor;
      } else {
        yield gapItem(page.gap.from, page.gap.to, "it is no longer kept");
        yield* snapshot(kit, tenant, (cursor = page.head));
      }
      const told = pulses.take();
      const nowMs = kit.storage.world.clock.monotonic();
      if (told.length > 0 || nowMs >= beatDueMs) {
        beatDueMs = nowMs + beatMs;
        yield* pulseItems(told);
      }
      if (cursor < page.head) continue;
      if (page.entries.length > 0) await kit.storage.world.timers.sleep(gatherMs, signal);
      await tail.grown(cursor, lookMs, signal);
    }
  } finally {
    tail.close();
    pulses.close();
  }
}

function headOf(kit: WatchKit, tenant: TenantId): Promise<bigint> {
  return kit.storage.tenant(tenant, async (tx) => (await readHead(tx, "outbox")).seq);
}

/** Only the last part names the cursor: whoever is cut off before it begins again. */
async function* snapshot(kit: WatchKit, tenant: TenantId, cursor: bigint): Items {
  let afterId = "";
  for (;;) {
    const found = await kit.store.part(tenant, afterId, partsRead * partMax + 1);
    const nodes = found.slice(0, partsRead * partMax);
    for (let at = 0; at === 0 || at < nodes.length; at += partMax) {
      const last = at + partMax >= found.length;
      const value = { nodes: nodes.slice(at, at + partMax), last, cursor: last ? cursor : 0n };
      yield { item: { case: "snapshot", value } };
    }
    if (nodes.length === found.length) return;
    afterId = nodes.at(-1)?.id ?? "";
  }
}

/** Each changed node once, as it is now, in the order of its last change. */
async function* changes(kit: WatchKit, tenant: TenantId, entries: readonly LogEntry[]): Items {
  if (entries.length === 0) return;
  const lastOf = new Map(entries.map((entry) => [entry.subject, entry.seq]));
  const nodes = await kit.store.byIds(tenant, [...lastOf.keys()]);
  const cursorOf = (id: string) => lastOf.get(id) ?? 0n;
  for (const node of nodes.toSorted((a, b) => Number(cursorOf(a.id) - cursorOf(b.id)))) {
    yield { item: { case: "changed", value: { node, cursor: cursorOf(node.id) } } };
  }
}

/** At least one item: none at all would leave the reader in doubt. */
function* pulseItems(pulses: readonly NodePulse[]): Generator<Item, void, void> {
  for (let at = 0; at === 0 || at < pulses.length; at += pulsesMax) {
    yield { item: { case: "pulses", value: { pulses: pulses.slice(at, at + pulsesMax) } } };
  }
}

function gapItem(fromCursor: bigint, toCursor: bigint, reason: string): Item {
  return { item: { case: "gap", value: { fromCursor, toCursor, reason } } };
}
