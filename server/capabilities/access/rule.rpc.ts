import type { ServiceImpl } from "@connectrpc/connect";
import type { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { callerOf } from "../../runtime/caller.ts";
import { writeOf } from "../../runtime/write.ts";
import type { AccessKit } from "./kit.rpc.ts";

type Methods = "listRules" | "addRule" | "removeRule" | "resetRules";

/** Keeping the allow and block lists. */
export function ruleRpc({ rules }: AccessKit): Pick<ServiceImpl<typeof AccessService>, Methods> {
  return {
    async listRules(request, context) {
      return await rules.list(callerOf(context).tenant, request);
    },

    async addRule(request, context) {
      const { rule } = request;
      if (rule === undefined) throw new Error("validation let a missing rule pass");
      return { rule: await rules.add(writeOf(request, context), rule) };
    },

    async removeRule(request, context) {
      return { rule: await rules.remove(writeOf(request, context), request.ruleId) };
    },

    async resetRules(request, context) {
      return await rules.reset(writeOf(request, context), request.kind);
    },
  };
}
