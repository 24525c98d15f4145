import type { ServiceImpl } from "@connectrpc/connect";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { AgentTokenSchema, type AgentToken } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IssueAgentTokenResponseSchema } from "@foedus/gen/foedus/identity/v1/identity_agent_pb.js";
import type { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import { agentCallerOf, nodeCallerOf } from "../../runtime/caller.ts";
import { guardCallKey } from "../../runtime/guards/gate.ts";
import type { Hub } from "../../runtime/capability.ts";
import { decide } from "../../runtime/storage/decide.ts";
import { writeOf } from "../../runtime/write.ts";
import { claimsFor, thumbprintOf } from "./agent.ts";
import type { Agents } from "./agents.rpc.ts";
import type { DirectoryStore } from "./directory.store.ts";

type Methods = "issueAgentToken" | "refreshAgentToken";

/** What tokens for agents are made with. */
export interface AgentRpcKit {
  readonly hub: Pick<Hub, "storage" | "world">;
  readonly agents: Agents;
  readonly readNode: DirectoryStore["readNode"];
}

/** Tokens for the agents of nodes. */
export function agentRpc(kit: AgentRpcKit): Pick<ServiceImpl<typeof IdentityService>, Methods> {
  const { hub, agents } = kit;
  return {
    async issueAgentToken(request, context) {
      const node = nodeCallerOf(context);
      const write = writeOf(request, context);
      const known = await kit.readNode(node.tenant, node.nodeId);
      if (known === undefined) throw new Fault(Reason.NOT_FOUND, { object: `node ${node.nodeId}` });
      const jkt = thumbprintOf(known.identity.identityKey);
      const wish = { ...request, lifetimeMs: Number(request.lifetimeMs) };
      return await decide(hub.storage, write, IssueAgentTokenResponseSchema, async (tx) => {
        const jti = newId("agt", hub.world);
        const claims = claimsFor(agents.issuer, node, wish, { jti, jkt, nowMs: tx.nowMs });
        const token = shown(claims.sub, claims.exp * secondMs, jti);
        const answer = create(IssueAgentTokenResponseSchema, {
          token,
          secret: await agents.sign(claims),
        });
        return { answer, facts: [], object: claims.sub };
      });
    },

    async refreshAgentToken(request, context) {
      const agent = agentCallerOf(context);
      const peer = context.values.get(guardCallKey)?.peer;
      if (peer === undefined) {
        const detail = "it counts only over a connection of its node: refresh it there";
        throw new Fault(Reason.AGENT_TOKEN_INVALID, { detail });
      }
      const newer = await agents.authenticate(peer, request.secret);
      if (newer.id !== agent.id) {
        throw new Fault(Reason.NOT_YOURS, { object: `the token of ${newer.agent}` });
      }
      agents.refresh(peer, newer);
      return { token: shown(newer.id, newer.tokenExpireMs, newer.tokenId) };
    },
  };
}

const secondMs = 1_000;

function shown(spiffeId: string, expireMs: number, id: string): AgentToken {
  return create(AgentTokenSchema, { spiffeId, id, expireTime: timestampFromMs(expireMs) });
}
