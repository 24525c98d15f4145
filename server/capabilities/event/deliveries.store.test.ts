import { fromBinary } from "@bufbuild/protobuf";
import { EventSchema, StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { publicationOf } from "../../../tests/support/publication.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { readLog } from "../../runtime/storage/log.ts";
import type { Published } from "./publish.store.ts";
import { publisher } from "./publish.store.ts";

let hubs: Awaited<ReturnType<typeof openTestStorage>>[] = [];
beforeAll(async () => {
  const { url } = await cloneDatabase();
  hubs = [await openTestStorage(url), await openTestStorage(url)];
});
afterAll(() => Promise.all(hubs.map((hub) => hub.close())));

const deliveriesMin = 100_000;
const epochs = [1n, 2n, 3n];
const eventsOfEpoch = 900;
const atOnce = 24;

/** A piece of a stream: the adversary cuts and overlaps them as it likes. */
interface Piece {
  readonly line: number;
  readonly epoch: bigint;
  readonly first: number;
  readonly count: number;
}

const lines = Array.from({ length: 8 }, (_, n) => ({
  source: `spiffe://foedus.local/tenant/main/node/node_${n % 3}`,
  stream: `line-${n}`,
}));

/** Everything of an epoch, cut at random, each piece once to thrice, and overlapping ones. */
function piecesOf(epoch: bigint, random: () => number): Piece[] {
  const nat = (max: number) => Math.floor(random() * max);
  return lines.flatMap((_, line) => {
    const pieces: Piece[] = [];
    for (let first = 1; first <= eventsOfEpoch;) {
      const count = Math.min(1 + nat(128), eventsOfEpoch - first + 1);
      for (let copy = 0; copy <= nat(3); copy++) pieces.push({ line, epoch, first, count });
      const over = 1 + nat(eventsOfEpoch - 1);
      const wide = Math.min(1 + nat(256), eventsOfEpoch - over + 1);
      pieces.push({ line, epoch, first: over, count: wide });
      first += count;
    }
    return pieces;
  });
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Delivers pieces from many callers at once, to both hubs. */
async function deliver(
  pieces: readonly Piece[],
  publishes: readonly ((piece: Piece) => Promise<Published>)[],
): Promise<{ accepted: number; refused: number }> {
  const tally = { accepted: 0, refused: 0 };
  const waiting = [...pieces];
  const caller = async (publish: (piece: Piece) => Promise<Published>) => {
    for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop()) {
      try {
        const { accepted } = await publish(piece);
        tally.accepted += accepted;
      } catch (error) {
        if (!(error instanceof Fault) || error.reason !== Reason.EVENT_EPOCH_OLD) throw error;
        tally.refused += 1;
      }
    }
  };
  await Promise.all(publishes.map(caller));
  return tally;
}

async function adversary(seed: number): Promise<number> {
  const tenant = newTenant();
  const random = randomFrom(seed);
  const stores = hubs.map((hub) => publisher(hub));
  const publishes = Array.from({ length: atOnce }, (_, n) => {
    const publish = stores[n % stores.length];
    if (publish === undefined) throw new Error("there are two hubs");
    return ({ line, epoch, first, count }: Piece) => {
      const { source = "", stream = "" } = lines[line] ?? {};
      return publish(tenant, publicationOf({ source, stream, epoch, first: BigInt(first) }, count));
    };
  });
  let delivered = 0;
  const past: Piece[] = [];
  for (const epoch of epochs) {
    // The first event of each line opens the epoch: what is replayed of older ones is over by then.
    const opening = lines.map((_, line) => ({ line, epoch, first: 1, count: 1 }));
    const replayed = shuffled(past, random).slice(0, 100);
    const fresh = piecesOf(epoch, random);
    const opened = await deliver(opening, publishes);
    const { accepted, refused } = await deliver(
      shuffled([...fresh, ...replayed], random),
      publishes,
    );
    expect(opened.accepted + accepted).toBe(lines.length * eventsOfEpoch);
    expect(refused).toBe(replayed.length);
    past.push(...fresh);
    delivered += [...opening, ...fresh, ...replayed].reduce((sum, one) => sum + one.count, 0);
  }
  await expectEachOnce(tenant);
  return delivered;
}

/** The log holds each event once, without a hole in its numbers. */
async function expectEachOnce(tenant: ReturnType<typeof newTenant>): Promise<void> {
  const seen = new Set<string>();
  let cursor = 0n;
  const [hub] = hubs;
  for (;;) {
    const page = await hub?.tenant(tenant, (tx) => readLog(tx, "event", cursor));
    if (page === undefined || page.entries.length === 0) break;
    for (const entry of page.entries) {
      expect(entry.seq).toBe((cursor += 1n));
      const { event } = fromBinary(StoredEventSchema, entry.body);
      const { source, stream, epoch, sequence } = fromBinary(EventSchema, event);
      seen.add(`${source} ${stream} ${epoch} ${sequence}`);
    }
  }
  expect(Number(cursor)).toBe(lines.length * epochs.length * eventsOfEpoch);
  expect(seen.size).toBe(Number(cursor));
}

/** Chance that replays from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test(
  "100,000 adversarial deliveries to two hubs: no event twice, none lost",
  { timeout: 300_000 },
  async () => {
    let delivered = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        delivered += await adversary(seed);
      }),
      { numRuns: 2, endOnFailure: true },
    );
    expect(delivered).toBeGreaterThan(deliveriesMin);
  },
);
