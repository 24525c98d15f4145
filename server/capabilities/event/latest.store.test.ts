import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { EventSchema, StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { publicationOf, telemetry } from "../../../tests/support/publication.ts";
import { shifted } from "../../../tests/support/shifted.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { turnDays } from "../../runtime/storage/days.ts";
import { appendEvents } from "./append.store.ts";
import { forgetLatest, listLatest } from "./latest.store.ts";
import { publisher } from "./publish.store.ts";

let storage: Awaited<ReturnType<typeof openTestStorage>>;
beforeAll(async () => {
  storage = await openTestStorage((await cloneDatabase()).url);
});
afterAll(() => storage.close());

const dayMs = 86_400_000;
const source = "spiffe://foedus.local/tenant/main/node/node_a";

async function latest(tenant: TenantId): Promise<string[]> {
  const wish = { size: 100, after: undefined };
  const { events } = await listLatest(storage, tenant, wish, { types: [], sources: [] });
  return events.map(({ event }) => {
    const { subject, stream, epoch, sequence } = fromBinary(EventSchema, event);
    return `${subject} ${stream}/${epoch}/${sequence}`;
  });
}

test("in whatever order and grouping events come, the latest of a stream stands", async () => {
  const anEvent = fc.record({
    subject: fc.constantFrom("x", "y"),
    epoch: fc.bigInt({ min: 1n, max: 3n }),
    sequence: fc.bigInt({ min: 1n, max: 20n }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anEvent, { minLength: 1 }), { maxLength: 8 }),
      async (groups) => {
        const tenant = newTenant();
        for (const group of groups) {
          const events = group.map(({ subject, epoch, sequence }) => {
            const place = { source, stream: "main", epoch, first: sequence };
            const signed = { event: telemetry(place, { subject }), bytes: new Uint8Array() };
            return { signed, body: bodyOf(signed.event.subject, epoch, sequence) };
          });
          await storage.tenant(tenant, (tx) => appendEvents(tx, events));
        }
        const expected = ["x", "y"].flatMap((subject) => {
          const own = groups.flat().filter((one) => one.subject === subject);
          const places = own.map(({ epoch, sequence }) => epoch * 100n + sequence);
          if (places.length === 0) return [];
          const top = places.reduce((a, b) => (a > b ? a : b));
          return [`${subject} main/${top / 100n}/${top % 100n}`];
        });
        expect(await latest(tenant)).toEqual(expected);
      },
    ),
    { numRuns: 40 },
  );
});

/** A stored event that names its place. */
function bodyOf(subject: string, epoch: bigint, sequence: bigint): Uint8Array {
  const event = telemetry({ source, stream: "main", epoch, first: sequence }, { subject });
  return toBinary(
    StoredEventSchema,
    create(StoredEventSchema, { event: toBinary(EventSchema, event) }),
  );
}

test("between streams the later time stands", async () => {
  const tenant = newTenant();
  const tell = (stream: string, timeMs: bigint) => {
    const event = telemetry({ source, stream, epoch: 1n, first: timeMs }, { timeMs });
    const stored = create(StoredEventSchema, { event: toBinary(EventSchema, event) });
    const one = {
      signed: { event, bytes: stored.event },
      body: toBinary(StoredEventSchema, stored),
    };
    return storage.tenant(tenant, (tx) => appendEvents(tx, [one]));
  };
  await tell("a", 5n);
  await tell("b", 7n);
  await tell("a", 6n);
  expect(await latest(tenant)).toEqual([" b/1/7"]);
  await tell("a", 8n);
  expect(await latest(tenant)).toEqual([" a/1/8"]);
});

test("what the log no longer keeps is not the latest of anything", async () => {
  const tenant = newTenant();
  const past = shifted(storage, -3 * dayMs);
  await turnDays(past, "event", 30);
  await publisher(past)(tenant, publicationOf({ source, stream: "main", epoch: 1n, first: 1n }, 2));
  expect(await latest(tenant)).toHaveLength(1);
  await turnDays(storage, "event", 1);
  expect(await forgetLatest(storage)).toBe(1);
  expect(await latest(tenant)).toEqual([]);
});
