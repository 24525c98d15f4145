import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { sha256 } from "@foedus/kernel/digest.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { service, type Capability, type Hub } from "../../runtime/capability.ts";
import { linkStore } from "./link.store.ts";
import { ensureOwner, openLocalSession, ownersLink } from "./owner.flow.ts";
import { personRpc, sessionMs, type PersonKit } from "./person.rpc.ts";
import { openSeen } from "./seen.ts";
import { sessionStore } from "./session.store.ts";
import { viewStore } from "./view.store.ts";

const forgetMs = 3_600_000;

/** People who sign in. */
export const person: Capability = {
  name: "person",
  tier: Tier.P0,
  async start(hub) {
    const tenant = tenantProved(hub.config().tenant);
    const { storage, world } = hub;
    const [links, sessions, views] = [
      linkStore(storage),
      sessionStore(storage),
      viewStore(storage),
    ];
    const kit = { hub, links, sessions, views, seen: openSeen(world.clock) };
    await ensureOwner(hub, tenant);
    return {
      services: [service(PersonService, personRpc(kit))],
      authenticatePerson: (secret) => authenticate(kit, secret),
      loops: [{ name: "forget sessions", run: (signal) => forgetLapsed(hub, kit, signal) }],
      greeting: async () => {
        await openLocalSession(kit, tenant);
        return await ownersLink(kit, tenant);
      },
    };
  },
};

async function authenticate({ hub, sessions, seen }: PersonKit, secret: string) {
  const known = seen.get(secret);
  if (known !== undefined) return known;
  const caller = await sessions.find(sha256(secret), sessionMs(hub));
  if (caller !== undefined) seen.put(secret, caller);
  return caller;
}

async function forgetLapsed(hub: Hub, { sessions }: PersonKit, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sessions.forget();
    await hub.world.timers.sleep(forgetMs, signal);
  }
}
