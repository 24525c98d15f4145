import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { parseSpiffe } from "@foedus/kernel/spiffe.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { HubClient } from "../hub-client.ts";
import { allPages } from "../pages.ts";

/** The names of whoever tells events. */
export interface Sources {
  /** How people call a source; its SPIFFE id where nobody gave it a name. */
  nameOf(spiffeId: string): Promise<string>;
  /** The SPIFFE id behind a node's name or id. */
  idOf(node: string): string | undefined;
  /** The whole identity behind a SPIFFE id. */
  identityOf(spiffeId: string): Identity | undefined;
}

/** Somebody new is looked up again at most this often. */
const lookAgainMs = 5_000;

/** Asks the hub once, and again for sources it did not name then. */
export async function openSources(hub: HubClient, world: World): Promise<Sources> {
  let known: readonly Identity[] = [];
  let askedMs = 0;
  const ask = async () => {
    askedMs = world.clock.monotonic();
    const client = hub.as(IdentityService);
    known = await allPages(
      (page) => client.listIdentities({ page }, hub.call),
      (page) => page.identities,
    );
  };
  await ask();
  const identityOf = (spiffeId: string) => known.find((one) => one.spiffeId === spiffeId);
  return {
    identityOf,
    idOf: (node) => newest(known.filter((one) => one.name === node || one.nodeId === node)),
    async nameOf(spiffeId) {
      const found = identityOf(spiffeId)?.name;
      if (found !== undefined) return found;
      const [kind = "", id = ""] = parseSpiffe(spiffeId)?.segments ?? [];
      if (kind === "hub" && id !== "") return "hub";
      if (world.clock.monotonic() - askedMs > lookAgainMs) await ask().catch(() => undefined);
      return identityOf(spiffeId)?.name ?? spiffeId;
    },
  };
}

/** A name is free again once its node is revoked; ids sort by time. */
function newest(identities: readonly Identity[]): string | undefined {
  const trusted = identities.filter((one) => one.revokeTime === undefined);
  const sorted = (trusted.length > 0 ? trusted : identities).toSorted((one, other) =>
    one.nodeId < other.nodeId ? -1 : 1,
  );
  return sorted.at(-1)?.spiffeId;
}
