// Real objects in the tenant `home`: nodes that joined, a token that is open.
import { randomUUID } from "node:crypto";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { concat, utf8 } from "@foedus/kernel/bytes.ts";
import { stranger } from "@foedus/kernel/caller.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { parseToken } from "@foedus/kernel/invitation.ts";
import { newSigningKey, signFor } from "@foedus/kernel/signing.ts";
import { newTlsKey } from "../../clients/sdk/keys.ts";
import type { Hub } from "../../server/runtime/capability.ts";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { home, nodeCaller, personCaller } from "./callers.ts";
import type { Objects } from "./samples.ts";

let made = 0;

/** Lets a node join and register, as a joiner and a node would. */
export async function joinedNode(hub: Hub): Promise<{ nodeId: string; nodeName: string }> {
  const nodeName = `secret-name-${++made}`;
  const owner = hub.calls.as(IdentityService, personCaller(home, Role.ADMIN));
  const { secret } = await owner.createToken({ requestId: randomUUID(), name: nodeName });
  const tokenId = parseToken(secret)?.id ?? "";
  const [{ csr }, key] = [await newTlsKey(), newSigningKey()];
  const joiner = hub.calls.as(IdentityService, stranger("joiner", `10.0.0.${made % 250}`));
  const { admission } = await joiner.enroll({
    requestId: randomUUID(),
    token: secret,
    csr,
    identityKey: key.publicKey,
    identityProof: signFor("enroll", key, concat(sha256(csr), utf8(tokenId))),
  });
  const nodeId = admission?.nodeId ?? "";
  const self = nodeCaller(home, nodeId, Role.MEMBER, hub.storage.nowMs());
  const profile = { kind: NodeKind.INSTANCE, project: nodeName };
  await hub.calls.as(NodeService, self).registerNode({ requestId: randomUUID(), profile });
  const offer = { protocolMin: 1, protocolMax: 1, software: "test/1" };
  await hub.calls.as(LinkService, self).openLink({ requestId: randomUUID(), offer });
  return { nodeId, nodeName };
}

/** A node, an open token, the first event of the tenant, and a task. */
export async function freshObjects(hub: Hub): Promise<Objects> {
  const node = await joinedNode(hub);
  const owner = hub.calls.as(IdentityService, personCaller(home, Role.ADMIN));
  const { token } = await owner.createToken({ requestId: randomUUID() });
  const spec = { queue: "work", kind: "scan", labels: { of: node.nodeName } };
  const tasks = hub.calls.as(TaskService, personCaller(home, Role.ADMIN));
  const { task } = await tasks.submitTask({ requestId: randomUUID(), spec });
  return { ...node, tokenId: token?.id ?? "", cursor: "1", taskId: task?.id ?? "" };
}
