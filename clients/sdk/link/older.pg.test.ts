import { mkdtemp, rm } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { expect, onTestFinished, test } from "vitest";
import { column } from "../../../tests/support/column.ts";
import { hearNotices } from "../../../tests/support/federated.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { personOf } from "../../../tests/support/joined.ts";
import { capabilities } from "../../../server/capabilities.ts";
import type { Capability } from "../../../server/runtime/capability.ts";
import { joinHub } from "../join.ts";
import { openNode } from "../open.ts";

/** A hub whose links are others than ours. */
async function hubWith(...instead: Capability[]): Promise<LocalHub> {
  const others = capabilities.filter((one) => one.name !== "link");
  const hub = await startLocalHub({ capabilities: [...others, ...instead] });
  onTestFinished(() => hub.stop());
  return hub;
}

async function joined({ hub, running }: LocalHub): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "foedus-older-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const identities = hub.calls.as(IdentityService, personOf(Role.ADMIN));
  const { secret: token } = await identities.createToken({ requestId: randomUUID(), name: "web" });
  await joinHub({ invitation: running.status().invitation, token, folder });
  return folder;
}

test("a hub of before there were links is worked with as before", async () => {
  const folder = await joined(await hubWith());
  await using node = await openNode(folder);
  await node.register({ kind: 1 });
  await node.publish(TelemetrySyncSchema, { trustScore: 1 });
  expect(node.status()).toMatchObject({ connected: true, eventsPublished: 1 });
  expect(node.status().link).toMatchObject({ capabilities: [], breaker: "closed" });
  expect(node.status().link.protocol).toBeUndefined();
});

test("where no protocol is shared the node waits, and says who is too old", async () => {
  const facts = { node: "web", node_min: 1, node_max: 1, hub_min: 2, hub_max: 3 };
  const refusing = column(LinkService, {
    openLink: () => {
      throw new Fault(Reason.PROTOCOL_UNSUPPORTED, { ...facts, upgrade: "node web" });
    },
  });
  const folder = await joined(await hubWith(refusing));
  const { notice, heardOf } = hearNotices();
  await using node = await openNode(folder, { notice });
  await heardOf("waiting", 2);
  expect(node.status().connected).toBe(false);
  expect(node.status().waiting?.reason).toBe("node web speaks protocols 1 to 1, the hub 2 to 3");
});
