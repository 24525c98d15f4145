import type { ServiceImpl } from "@connectrpc/connect";
import type { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { sha256 } from "@foedus/kernel/digest.ts";
import { newId } from "@foedus/kernel/ids.ts";
import { personCallerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { writeOf } from "../../runtime/write.ts";
import { insideRpc } from "./inside.rpc.ts";
import type { LinkStore } from "./link.store.ts";
import { newSession } from "./person.ts";
import { linkAddress, newLinkCode, newSessionSecret, sessionCookie } from "./secret.ts";
import type { SeenSessions } from "./seen.ts";
import type { SessionStore } from "./session.store.ts";
import { viewRpc } from "./view.rpc.ts";
import type { ViewStore } from "./view.store.ts";

/** What the person column works with. */
export interface PersonKit {
  readonly hub: Hub;
  readonly links: LinkStore;
  readonly sessions: SessionStore;
  readonly views: ViewStore;
  readonly seen: SeenSessions;
}

/** How long a session lasts without use, as configured now. */
export function sessionMs(hub: Hub): number {
  return hub.config().sessionHours * 3_600_000;
}

/** Signing in and out, and what a person keeps here. */
export function personRpc(kit: PersonKit): ServiceImpl<typeof PersonService> {
  const { hub, links, sessions, seen } = kit;
  const { world } = hub;
  return {
    async createLink(request, context) {
      const { personId } = personCallerOf(context);
      const code = newLinkCode(world);
      const address = linkAddress(hub.status().webAddress, code);
      const link = { id: newId("link", world), personId, codeHash: sha256(code), address };
      return await links.create(writeOf(request, context), link);
    },

    ...insideRpc(hub),
    ...viewRpc(kit.views),

    async signIn(request, context) {
      const { tenant, link } = await links.find(sha256(request.code));
      const asked = writeOf(request, context);
      const caller = { ...asked.caller, tenant, id: `visitor/${link.id}` };
      const secret = newSessionSecret(world);
      // The answer is not kept: a repeat would come without the cookie, which is the point of it.
      const write = { ...asked, caller, answersSecret: true };
      const answer = await links.redeem(write, link, (person, nowMs) => ({
        session: newSession(newId("ses", world), person.id, sessionMs(hub), nowMs),
        secretHash: sha256(secret),
      }));
      const cookie = sessionCookie(hub.status().webAddress, secret, sessionMs(hub));
      context.responseHeader.append("set-cookie", cookie);
      return answer;
    },

    async getSession(_request, context) {
      const caller = personCallerOf(context);
      const { trustDomain } = hub.identity;
      return { ...(await sessions.show(caller)), tenant: caller.tenant, trustDomain };
    },

    async signOut(request, context) {
      const { sessionId } = personCallerOf(context);
      await sessions.end(writeOf(request, context), sessionId);
      seen.drop(sessionId);
      const cookie = sessionCookie(hub.status().webAddress, "", 0);
      context.responseHeader.append("set-cookie", cookie);
      return {};
    },
  };
}
