import type { ServiceImpl } from "@connectrpc/connect";
import type { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { writeOf } from "../../runtime/write.ts";
import type { IdentityKit } from "./kit.rpc.ts";
import { quarantine, release, setRole } from "./quarantine.ts";

type Methods = "quarantineNode" | "releaseNode" | "setNodeRole";

/** Deciding who may stay, and as what. */
export function quarantineRpc({
  identities,
}: IdentityKit): Pick<ServiceImpl<typeof IdentityService>, Methods> {
  return {
    async quarantineNode(request, context) {
      const write = writeOf(request, context);
      const { id: by } = write.caller;
      const identity = await identities.change(write, request.node, (known, nowMs) =>
        quarantine(known, request, by, nowMs),
      );
      return { identity };
    },

    async releaseNode(request, context) {
      const write = writeOf(request, context);
      const identity = await identities.change(write, request.node, (known) =>
        release(known, request.reason),
      );
      return { identity };
    },

    async setNodeRole(request, context) {
      const write = writeOf(request, context);
      const identity = await identities.change(write, request.node, (known) =>
        setRole(known, request.role),
      );
      return { identity };
    },
  };
}
