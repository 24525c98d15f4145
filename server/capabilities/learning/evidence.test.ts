import { create, toBinary } from "@bufbuild/protobuf";
import { TrustAggregateSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema, StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { hubSpiffe, nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import { expect, test } from "vitest";
import { cursorOfCycle } from "./evidence.ts";

function stored(source: string, cursor: bigint) {
  const payload = toBinary(
    TrustAggregateSchema,
    create(TrustAggregateSchema, { cycleId: "cyc_1", averageTrust: 100 }),
  );
  const event = toBinary(EventSchema, create(EventSchema, { source, payload }));
  return create(StoredEventSchema, { event, cursor });
}

test("a cycle's evidence is the hub's own word, whatever a peer tells under the same id", () => {
  const [peer, own] = [hubSpiffe("a.peer", "hub_1"), hubSpiffe("foedus.local", "hub_2")];
  const all = [stored(peer, 9n), stored(nodeSpiffe("foedus.local", "main", "hub"), 8n)];
  expect(cursorOfCycle([...all, stored(own, 7n)], "cyc_1", "foedus.local")).toBe(7n);
  expect(cursorOfCycle(all, "cyc_1", "foedus.local")).toBe(0n);
  expect(cursorOfCycle([stored(own, 7n)], "cyc_2", "foedus.local")).toBe(0n);
});
