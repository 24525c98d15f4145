// What is asked once for many who wait.
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { eventOf, freely, joinNode, signed } from "../../../tests/support/joined.ts";

let local: LocalHub;
beforeAll(async () => (local = await startLocalHub({ values: freely })));
afterAll(() => local.stop());

test("a call that is given up takes no other call of its node along", async () => {
  const node = await joinNode(local.hub);
  const batchOf = (stream: string) =>
    signed(node, [eventOf(node.spiffeId, TelemetrySyncSchema, {}, { stream })]);
  const stop = new AbortController();
  const gone = node.events.publish({ batch: batchOf("gone") }, { signal: stop.signal });
  const stays = node.events.publish({ batch: batchOf("stays") });
  const ended = gone.catch(() => undefined);
  stop.abort();
  expect((await stays).accepted).toBe(1);
  await ended;
});
