import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { agentRpc } from "./agent.rpc.ts";
import { callerOf } from "../../runtime/caller.ts";
import { service, type Service } from "../../runtime/capability.ts";
import { writeOf } from "../../runtime/write.ts";
import { revoke } from "./identity.ts";
import { joinRpc } from "./join.rpc.ts";
import type { IdentityKit } from "./kit.rpc.ts";
import { quarantineRpc } from "./quarantine.rpc.ts";
import { tokenRpc } from "./token.rpc.ts";

/** Who is who on this hub. */
export function identityRpc(kit: IdentityKit): Service {
  const { identities } = kit;
  return service(IdentityService, {
    ...tokenRpc(kit),
    ...joinRpc(kit),
    ...quarantineRpc(kit),
    ...agentRpc(kit),

    async revokeNode(request, context) {
      const write = writeOf(request, context);
      const identity = await identities.change(write, request.node, (known, nowMs) =>
        revoke(known, request.reason, nowMs),
      );
      return { identity };
    },

    async listIdentities(request, context) {
      return await identities.list(callerOf(context).tenant, request);
    },
  });
}
