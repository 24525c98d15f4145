import { fromBinary } from "@bufbuild/protobuf";
import { EventSchema, StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { publicationOf, type Place } from "../../../tests/support/publication.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { readLog } from "../../runtime/storage/log.ts";
import { publisher } from "./publish.store.ts";
import { streamsMax } from "./stream.store.ts";

let storage: Awaited<ReturnType<typeof openTestStorage>>;
let other: typeof storage;
beforeAll(async () => {
  const { url } = await cloneDatabase();
  storage = await openTestStorage(url);
  other = await openTestStorage(url);
});
afterAll(() => Promise.all([storage.close(), other.close()]));

const source = "spiffe://foedus.local/tenant/main/node/node_a";

function at(first: number, rest: Partial<Place> = {}): Place {
  return { source, stream: "main", epoch: 1n, first: BigInt(first), ...rest };
}

async function stored(tenant: TenantId): Promise<string[]> {
  const { entries } = await storage.tenant(tenant, (tx) => readLog(tx, "event", 0n));
  return entries.map(({ body }) => {
    const event = fromBinary(EventSchema, fromBinary(StoredEventSchema, body).event);
    return `${event.stream}/${event.epoch}/${event.sequence}`;
  });
}

async function reasonOf(work: Promise<unknown>): Promise<Reason | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.reason;
    throw error;
  }
}

test("a batch sent again counts as duplicates and changes nothing", async () => {
  const [tenant, publish] = [newTenant(), publisher(storage)];
  const batch = publicationOf(at(1), 3);
  expect(await publish(tenant, batch)).toEqual({ accepted: 3, duplicates: 0, lastCursor: 3n });
  expect(await publish(tenant, batch)).toEqual({ accepted: 0, duplicates: 3, lastCursor: 0n });
  const mixed = await publish(tenant, publicationOf(at(2), 4));
  expect(mixed).toEqual({ accepted: 2, duplicates: 2, lastCursor: 5n });
  expect(await stored(tenant)).toEqual([
    "main/1/1",
    "main/1/2",
    "main/1/3",
    "main/1/4",
    "main/1/5",
  ]);
});

test("batches of one moment share a transaction, and each gets its own answer", async () => {
  const [tenant, publish] = [newTenant(), publisher(storage)];
  await publish(tenant, publicationOf(at(1, { epoch: 5n }), 1));
  const outcomes = await Promise.allSettled([
    publish(tenant, publicationOf(at(2, { epoch: 5n }), 2)),
    publish(tenant, publicationOf(at(1, { epoch: 4n }), 2)),
    publish(tenant, publicationOf(at(2, { epoch: 5n }), 3)),
    publish(tenant, publicationOf(at(1, { stream: "side" }), 1)),
  ]);
  expect(outcomes.map((one) => one.status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
  expect(outcomes[2]).toMatchObject({ value: { accepted: 1, duplicates: 2, lastCursor: 4n } });
  expect(await stored(tenant)).toEqual([
    "main/5/1",
    "main/5/2",
    "main/5/3",
    "main/5/4",
    "side/1/1",
  ]);
});

test("an epoch that is over and a sequence too far back store nothing", async () => {
  const [tenant, publish] = [newTenant(), publisher(storage)];
  await publish(tenant, publicationOf(at(2_000), 1));
  const far = publish(tenant, publicationOf(at(900), 10));
  expect(await reasonOf(far)).toBe(Reason.EVENT_SEQUENCE_OLD);
  const older = publish(tenant, publicationOf(at(3_000, { epoch: 0n }), 1));
  expect(await reasonOf(older)).toBe(Reason.EVENT_EPOCH_OLD);
  expect(await stored(tenant)).toEqual(["main/1/2000"]);
});

test("the window outlives the process that filled it", async () => {
  const tenant = newTenant();
  await publisher(storage)(tenant, publicationOf(at(1), 10));
  const again = await publisher(other)(tenant, publicationOf(at(5), 10));
  expect(again).toMatchObject({ accepted: 4, duplicates: 6 });
});

test("a source has 64 streams, however many hubs it uses at once", async () => {
  const tenant = newTenant();
  const publishes = [publisher(storage), publisher(other)];
  const outcomes = await Promise.all(
    Array.from({ length: streamsMax + 20 }, (_, n) =>
      publishes.map((publish) =>
        reasonOf(publish(tenant, publicationOf(at(1, { stream: `s${n}` }), 1))),
      ),
    ).flat(),
  );
  expect(new Set(outcomes)).toEqual(new Set([undefined, Reason.LIMIT_EXCEEDED]));
  expect(await stored(tenant)).toHaveLength(streamsMax);
  const mine = publicationOf(at(1, { source: "spiffe://foedus.local/tenant/main/node/node_b" }), 1);
  expect(await reasonOf(publisher(storage)(tenant, mine))).toBeUndefined();
});

test("a tenant's streams and events are its own", async () => {
  const [one, two] = [newTenant(), newTenant()];
  const publish = publisher(storage);
  await publish(one, publicationOf(at(1), 2));
  expect(await publish(two, publicationOf(at(1), 2))).toMatchObject({
    accepted: 2,
    lastCursor: 2n,
  });
  expect(await stored(one)).toHaveLength(2);
});
