import { randomUUID } from "node:crypto";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { personOf, registeredNode, type JoinedNode } from "../../../tests/support/joined.ts";
import type { ParentLine } from "../../runtime/parent.ts";
import { untilGranted } from "./leave.flow.ts";

/** Longer than any test: whoever waits it out fails. */
const hourMs = 3_600_000;

const local = sharedHub();

function lineOf({ caller }: JoinedNode): Pick<ParentLine, "client" | "signal"> {
  const client: ParentLine["client"] = (service) => local.hub.calls.as(service, caller);
  return { client, signal: new AbortController().signal };
}

async function grant(node: JoinedNode, relays: boolean): Promise<void> {
  const owner = local.hub.calls.as(CollectionService, personOf(Role.ADMIN));
  await owner.setGrant({ requestId: randomUUID(), node: node.id, relays });
}

/** Waits as a hub below does. */
function waits(node: JoinedNode, waitMs = hourMs): Promise<void> {
  const { signal } = new AbortController();
  return untilGranted(lineOf(node), waitMs, realWorld.timers, signal);
}

test("a hub that waits for leave goes on as soon as it is given, and not for another's", async () => {
  const [one, other] = [await registeredNode(local.hub), await registeredNode(local.hub)];
  let isOver = false;
  const waiting = waits(one).then(() => (isOver = true));
  await grant(other, true);
  await waits(other);
  expect(isOver).toBe(false);
  await grant(one, true);
  await waiting;
});

test("leave that came before anybody listened is found", async () => {
  const node = await registeredNode(local.hub);
  await grant(node, true);
  await waits(node);
});

test("where nobody tells it, it asks again after a while", async () => {
  await waits(await registeredNode(local.hub), 1);
});
