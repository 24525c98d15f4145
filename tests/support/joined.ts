// Nodes that really joined a hub in the test's own process, with the keys they sign with.
import { randomUUID } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { create, toBinary } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import type { Message } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { Batch, Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Audience, Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { signBatch } from "@foedus/kernel/batch.ts";
import { concat, utf8 } from "@foedus/kernel/bytes.ts";
import type { NodeCaller, PersonCaller } from "@foedus/kernel/caller.ts";
import { stranger } from "@foedus/kernel/caller.ts";
import { factType } from "@foedus/kernel/change.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { parseToken } from "@foedus/kernel/invitation.ts";
import type { SigningKey } from "@foedus/kernel/signing.ts";
import { newSigningKey, signFor } from "@foedus/kernel/signing.ts";
import { nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { newTlsKey } from "../../clients/sdk/keys.ts";
import type { Hub } from "../../server/runtime/capability.ts";

/** A node of a test. */
export interface JoinedNode {
  readonly id: string;
  readonly name: string;
  readonly spiffeId: string;
  readonly key: SigningKey;
  readonly caller: NodeCaller;
  readonly nodes: Client<typeof NodeService>;
  readonly events: Client<typeof EventService>;
}

/** Enough for tests that ask a lot at once. */
export const freely = {
  control_rate: "10000000",
  join_rate: "10000000",
  publish_rate: "10000000",
  heartbeat_rate: "10000000",
  stream_rate: "10000000",
};

const main = tenantProved("main");
let joined = 0;

/** Lets a node join as a joiner would; it has not registered yet. */
export async function joinNode(hub: Hub, role = Role.MEMBER): Promise<JoinedNode> {
  joined += 1;
  const name = `node-${joined}`;
  const owner = hub.calls.as(IdentityService, personOf(Role.ADMIN));
  const { secret } = await owner.createToken({ requestId: randomUUID(), name, role });
  const [{ csr }, key] = [await newTlsKey(), newSigningKey()];
  const joiner = hub.calls.as(IdentityService, stranger("joiner", `10.0.0.${joined % 250}`));
  const tokenId = parseToken(secret)?.id ?? "";
  const { admission } = await joiner.enroll({
    requestId: randomUUID(),
    token: secret,
    csr,
    identityKey: key.publicKey,
    identityProof: signFor("enroll", key, concat(sha256(csr), utf8(tokenId))),
  });
  const id = admission?.nodeId ?? "";
  const spiffeId = admission?.spiffeId ?? "";
  const caller: NodeCaller = {
    kind: "node",
    audience: Audience.NODE,
    tenant: main,
    role,
    id: spiffeId,
    nodeId: id,
    certificateSerial: "01",
    certificateExpireMs: Number.MAX_SAFE_INTEGER,
  };
  const [nodes, events] = [hub.calls.as(NodeService, caller), hub.calls.as(EventService, caller)];
  return { id, name, spiffeId, key, caller, nodes, events };
}

/** Lets a node join and register. */
export async function registeredNode(hub: Hub, role = Role.MEMBER): Promise<JoinedNode> {
  const node = await joinNode(hub, role);
  const profile = { kind: NodeKind.INSTANCE, project: "test", title: node.name };
  await node.nodes.registerNode({ requestId: randomUUID(), profile });
  return node;
}

/** A person of the tenant main. */
export function personOf(role: Role): PersonCaller {
  const personId = `p-${role}`;
  return {
    kind: "person",
    audience: Audience.PERSON,
    tenant: main,
    role,
    id: `person/${personId}`,
    personId,
    sessionId: `s-${personId}`,
    operator: role === Role.ADMIN,
  };
}

/** An event as a source would make it. */
export function eventOf<T extends Message>(
  source: string,
  schema: GenMessage<T>,
  payload: MessageInitShape<GenMessage<T>>,
  rest: Partial<Pick<Event, "subject" | "timeMs" | "stream" | "epoch" | "sequence">> = {},
): Event {
  return create(EventSchema, {
    type: factType(schema),
    source,
    timeMs: BigInt(Date.now()),
    stream: "main",
    epoch: 1n,
    sequence: 1n,
    payload: toBinary(schema, create(schema, payload)),
    ...rest,
  });
}

/** Signs and publishes events. */
export function publish(node: JoinedNode, events: readonly Event[]) {
  return node.events.publish({ batch: signed(node, events) });
}

/** Events signed by a node. */
export function signed(node: Pick<JoinedNode, "key">, events: readonly Event[]): Batch {
  return signBatch(node.key, events);
}

/** A node of another tenant's, which joined nowhere. */
export function strangerNode(nodeId = "node_00000000000000000000000000"): NodeCaller {
  const tenant = tenantProved("elsewhere");
  return {
    kind: "node",
    audience: Audience.NODE,
    tenant,
    role: Role.MEMBER,
    id: nodeSpiffe("foedus.local", tenant, nodeId),
    nodeId,
    certificateSerial: "01",
    certificateExpireMs: Number.MAX_SAFE_INTEGER,
  };
}
