import type { MessageInitShape } from "@bufbuild/protobuf";
import { create, fromBinary } from "@bufbuild/protobuf";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { SubscribeRequestSchema } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { publicationOf } from "../../../tests/support/publication.ts";
import { shifted } from "../../../tests/support/shifted.ts";
import { openTestStorage, silentLog } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { fastWorld } from "../../../tests/support/world.fast.ts";
import { slowTimes } from "../../../tests/support/until.ts";
import { turnDays } from "../../runtime/storage/days.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { openTails } from "../../runtime/storage/tail.ts";
import { publisher } from "./publish.store.ts";
import type { SubscribeKit } from "./subscribe.rpc.ts";
import { subscribe } from "./subscribe.rpc.ts";

const dayMs = 86_400_000;
let url = "";
let storage: Awaited<ReturnType<typeof openTestStorage>>;
let kit: SubscribeKit;
beforeAll(async () => {
  ({ url } = await cloneDatabase());
  storage = await openTestStorage(url, { connectionsMax: 8 });
  kit = kitOf(storage);
});
afterAll(() => storage.close());

function kitOf(over: Storage): SubscribeKit {
  return { storage: over, tails: openTails(over, "event", silentLog) };
}

type Wish = MessageInitShape<typeof SubscribeRequestSchema>;

/** A subscription, as a line of text for each thing heard. */
function listen(tenant: TenantId, wish: Wish = {}, over = kit) {
  const ending = new AbortController();
  const request = create(SubscribeRequestSchema, { afterCursor: 0n, ...wish });
  const items = subscribe(over, tenant, request, ending.signal);
  const heard: string[] = [];
  const next = async (): Promise<string | undefined> => {
    while (heard.length === 0) {
      const step = await items.next();
      if (step.done === true) return undefined;
      heard.push(...linesOf(step.value));
    }
    return heard.shift();
  };
  const take = async (count: number) => {
    const lines: (string | undefined)[] = [];
    while (lines.length < count) lines.push(await next());
    return lines;
  };
  return { next, take, items, end: () => ending.abort() };
}

function linesOf({
  item,
}: Awaited<ReturnType<ReturnType<typeof subscribe>["next"]>>["value"] & object) {
  switch (item?.case) {
    case "delivery":
      return (item.value.events ?? []).map(
        ({ cursor, event }) =>
          `${cursor} ${fromBinary(EventSchema, event ?? new Uint8Array()).sequence}`,
      );
    case "gap":
      return [`gap ${item.value.fromCursor}-${item.value.toCursor}`];
    case "head":
      return [`head ${item.value.cursor}`];
    default:
      return [`${item?.case}`];
  }
}

const source = "spiffe://foedus.local/tenant/main/node/node_a";

function tell(over: Storage, tenant: TenantId, first: number, count: number) {
  const place = { source, stream: "main", epoch: 1n, first: BigInt(first) };
  return publisher(over)(tenant, publicationOf(place, count));
}

test("all that is kept is replayed, then the head, then what comes", async () => {
  const tenant = newTenant();
  await tell(storage, tenant, 1, 3);
  const ear = listen(tenant);
  expect(await ear.take(4)).toEqual(["1 1", "2 2", "3 3", "head 3"]);
  const coming = ear.take(2);
  await tell(storage, tenant, 4, 2);
  expect(await coming).toEqual(["4 4", "5 5"]);
  ear.end();
  expect(await ear.next()).toBeUndefined();
});

test("without a cursor only what comes is heard", async () => {
  const tenant = newTenant();
  await tell(storage, tenant, 1, 3);
  const ear = listen(tenant, { afterCursor: undefined });
  expect(await ear.next()).toBe("head 3");
  await tell(storage, tenant, 4, 1);
  expect(await ear.next()).toBe("4 4");
  ear.end();
});

test("families that are left out are not heard, and the cursor covers them", async () => {
  const tenant = newTenant();
  await tell(storage, tenant, 1, 3);
  const wish = { untilHead: true };
  expect(await listen(tenant, { ...wish, exceptTypes: ["telemetry_sync"] }).take(2)).toEqual([
    "head 3",
    undefined,
  ]);
  expect(await listen(tenant, { ...wish, exceptTypes: ["hub.*", "telemetry"] }).take(4)).toEqual([
    "1 1",
    "2 2",
    "3 3",
    "head 3",
  ]);
});

test("until the head means the head at the start, however fast others tell", async () => {
  const tenant = newTenant();
  await tell(storage, tenant, 1, 200);
  const ear = listen(tenant, { untilHead: true });
  const first = await ear.next();
  await tell(storage, tenant, 201, 100);
  const lines = [first];
  for (let line = await ear.next(); line !== undefined; line = await ear.next()) lines.push(line);
  expect(lines.slice(0, 200)).toEqual(Array.from({ length: 200 }, (_, n) => `${n + 1} ${n + 1}`));
  expect(lines.at(-1)).toMatch(/^head (200|2\d\d|300)$/);
});

test("a cursor ahead of the log is told as a gap, and the log goes on from its head", async () => {
  const tenant = newTenant();
  await tell(storage, tenant, 1, 2);
  const ear = listen(tenant, { afterCursor: 9n });
  expect(await ear.take(2)).toEqual(["gap 3-9", "head 2"]);
  await tell(storage, tenant, 3, 1);
  expect(await ear.next()).toBe("3 3");
  ear.end();
});

test("what retention took is told as a gap, before and while somebody listens", async () => {
  const tenant = newTenant();
  const past = shifted(storage, -3 * dayMs);
  await turnDays(past, "event", 30);
  await turnDays(storage, "event", 30);
  await tell(past, tenant, 1, 40);
  const slow = listen(tenant);
  expect(await slow.next()).toBe("1 1");
  await tell(storage, tenant, 41, 2);
  await turnDays(storage, "event", 1);
  const late = listen(tenant);
  expect(await late.take(4)).toEqual(["gap 1-40", "41 41", "42 42", "head 42"]);
  // It had taken a page of 32 by then, and the rest was gone when it asked on.
  expect((await slow.take(34)).slice(-3)).toEqual(["gap 33-40", "41 41", "42 42"]);
  slow.end();
  late.end();
});

test("after a restart a subscriber resumes without loss or repetition", async () => {
  const tenant = newTenant();
  const before = await openTestStorage(url);
  await tell(before, tenant, 1, 5);
  const ear = listen(tenant, {}, kitOf(before));
  expect(await ear.take(5)).toEqual(["1 1", "2 2", "3 3", "4 4", "5 5"]);
  ear.end();
  await tell(before, tenant, 6, 5);
  await before.close();
  await using after = await openTestStorage(url);
  const again = listen(tenant, { afterCursor: 5n }, kitOf(after));
  expect(await again.take(6)).toEqual(["6 6", "7 7", "8 8", "9 9", "10 10", "head 10"]);
  again.end();
});

test("what another hub appends is heard without a hint", async () => {
  const tenant = newTenant();
  await using other = await openTestStorage(url);
  const ear = listen(tenant);
  expect(await ear.next()).toBe("head 0");
  const coming = ear.next();
  await tell(other, tenant, 1, 1);
  const toldMs = performance.now();
  expect(await coming).toBe("1 1");
  expect(performance.now() - toldMs).toBeLessThan(1_000 * slowTimes);
  ear.end();
});

test(
  "a slow subscriber among a hundred slows nobody, and misses nothing",
  { timeout: 300_000 },
  async () => {
    const tenant = newTenant();
    const slow = listen(tenant);
    expect(await slow.next()).toBe("head 0");
    const ears = Array.from({ length: 99 }, () => listen(tenant));
    const [rounds, size] = [24, 128];
    const readers = ears.map((ear) => ear.take(1 + rounds * size));
    for (let round = 0; round < rounds; round++)
      await tell(storage, tenant, 1 + round * size, size);
    const expected = Array.from({ length: rounds * size }, (_, n) => `${n + 1} ${n + 1}`);
    for (const lines of await Promise.all(readers)) {
      expect(lines.filter((line) => !line?.startsWith("head"))).toEqual(expected);
    }
    // The shared end holds 2,048 entries: it has to read the table for what came before.
    expect(await slow.take(rounds * size)).toEqual(expected);
    for (const ear of [slow, ...ears]) ear.end();
  },
);

test("in silence the head is told again every 15 seconds", async () => {
  const tenant = newTenant();
  await using quick = await openTestStorage(url, { world: fastWorld(100) });
  await tell(quick, tenant, 1, 1);
  const ear = listen(tenant, { types: ["hub.*"] }, kitOf(quick));
  expect(await ear.next()).toBe("head 1");
  await tell(quick, tenant, 2, 1);
  // What was filtered out is covered by the cursor.
  expect(await ear.take(2)).toEqual(["head 2", "head 2"]);
  ear.end();
});

test("whoever leaves is forgotten: aborted, or closed in the middle", async () => {
  const tenant = newTenant();
  let open = 0;
  const counting: SubscribeKit = {
    storage,
    tails: (of) => {
      const reader = kit.tails(of);
      open += 1;
      return { ...reader, close: () => ((open -= 1), reader.close()) };
    },
  };
  await tell(storage, tenant, 1, 100);
  const [aborted, closed] = [listen(tenant, {}, counting), listen(tenant, {}, counting)];
  await Promise.all([aborted.take(101), closed.next()]);
  expect(open).toBe(2);
  const waiting = aborted.next();
  aborted.end();
  expect(await waiting).toBeUndefined();
  await closed.items.return();
  expect(open).toBe(0);
});
