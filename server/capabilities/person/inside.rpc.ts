import type { ServiceImpl } from "@connectrpc/connect";
import type { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { sha256 } from "@foedus/kernel/digest.ts";
import { newId } from "@foedus/kernel/ids.ts";
import type { Hub } from "../../runtime/capability.ts";
import { callerOf } from "../../runtime/caller.ts";
import { writeOf } from "../../runtime/write.ts";
import { admitOwner, openVisit } from "./inside.store.ts";
import { standingsOf } from "./standing.store.ts";
import { newOwner, newSession, ownerId, visitMs } from "./person.ts";
import { linkAddress, newLinkCode, newSessionSecret } from "./secret.ts";

type Methods = "admitOwner" | "openVisit" | "getStandings";

/**
 * What other capabilities of the hub ask of people: a new tenant's owner, an operator's visit, and
 * what somebody may do who is not there to ask.
 */
export function insideRpc(hub: Hub): Pick<ServiceImpl<typeof PersonService>, Methods> {
  const { storage, world } = hub;
  return {
    async admitOwner(request, context) {
      const code = newLinkCode(world);
      const address = linkAddress(hub.status().webAddress, code);
      const id = newId("link", world);
      const link = { id, personId: ownerId, codeHash: sha256(code), address };
      // Who owns a tenant does not operate the hub.
      const owner = { ...newOwner(storage.nowMs()), operator: false };
      return await admitOwner(storage, writeOf(request, context), owner, link);
    },

    async openVisit(request, context) {
      const { visitor, role, reason } = request;
      const secret = newSessionSecret(world);
      const id = newId("ses", world);
      const session = { ...newSession(id, visitor, visitMs, storage.nowMs()), visitor };
      return await openVisit(storage, writeOf(request, context), { session, role, reason, secret });
    },

    async getStandings({ callers }, context) {
      return { standings: await standingsOf(storage, callerOf(context).tenant, callers) };
    },
  };
}
