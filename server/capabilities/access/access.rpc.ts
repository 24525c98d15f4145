import { create } from "@bufbuild/protobuf";
import {
  AccessRuleSchema,
  RuleKind,
  type JoinRequest,
} from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { callerOf } from "../../runtime/caller.ts";
import { service, type Service } from "../../runtime/capability.ts";
import { writeOf } from "../../runtime/write.ts";
import { changeMode } from "./access.store.ts";
import { judgeRpc } from "./judge.rpc.ts";
import type { AccessKit } from "./kit.rpc.ts";
import { approve, deny, waitingMax } from "./request.ts";
import { ruleRpc } from "./rule.rpc.ts";

/** Who may join a tenant. */
export function accessRpc(kit: AccessKit): Service {
  const { storage, requests } = kit;
  return service(AccessService, {
    ...judgeRpc(kit),

    async getAccess(_request, context) {
      const { tenant } = callerOf(context);
      const known = await kit.standing(tenant);
      const of = (kind: RuleKind) => known.rules.filter((rule) => rule.kind === kind).length;
      return {
        settings: known.settings,
        waiting: await requests.waiting(tenant),
        allowed: of(RuleKind.ALLOW),
        blocked: of(RuleKind.BLOCK),
        waitingMax,
      };
    },

    async setAccessMode(request, context) {
      return { settings: await changeMode(storage, writeOf(request, context), request) };
    },

    async listJoinRequests(request, context) {
      return await requests.list(callerOf(context).tenant, request);
    },

    async approveJoin(request, context) {
      const write = writeOf(request, context);
      const { id: by } = write.caller;
      const act = (known: JoinRequest, nowMs: number) => approve(known, request, { by, nowMs });
      return { joinRequest: await requests.decide(write, request.joinRequestId, act) };
    },

    async denyJoin(request, context) {
      const write = writeOf(request, context);
      const { id: by } = write.caller;
      const { joinRequestId: id, reason, block } = request;
      const act = (known: JoinRequest, nowMs: number) => deny(known, reason, { by, nowMs });
      return {
        joinRequest: await requests.decide(write, id, act, block ? blockOf(reason) : undefined),
      };
    },

    ...ruleRpc(kit),
  });
}

function blockOf(reason: string) {
  return ({ fingerprint }: JoinRequest) =>
    create(AccessRuleSchema, { kind: RuleKind.BLOCK, fingerprint, reason });
}
