import type { Client } from "@connectrpc/connect";
import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { hex } from "@foedus/kernel/bytes.ts";
import { hubOfSpiffe, parseSpiffe } from "@foedus/kernel/spiffe.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { SignerKey } from "./verify.ts";
import { signerKey, sourceOf } from "./verify.ts";

/** Keys by which events are verified. */
export interface Keyring {
  /** The key the event names; undefined when the hub knows no such signer. */
  keyOf(stored: StoredEvent): Promise<SignerKey | undefined>;
}

/** Where keys come from. */
export interface KeyringKit {
  readonly world: World;
  readonly identities: Client<typeof IdentityService>;
  readonly events: Client<typeof EventService>;
}

const pageSize = 1_000;
const callMs = 15_000;

/** A key that nobody has is asked for again only after this. */
const askAgainMs = 5_000;

/** Fetches keys once, and again when an event names an unknown one. */
export function openKeyring(kit: KeyringKit): Keyring {
  const known = new Map<string, SignerKey>();
  let fetchedMs = -Infinity;

  async function fetchAll(): Promise<void> {
    const startedMs = kit.world.clock.monotonic();
    let token = "";
    do {
      const page = await kit.identities.listIdentities(
        { page: { size: pageSize, token } },
        { timeoutMs: callMs },
      );
      for (const { spiffeId, identityKey } of page.identities) {
        const signer = signerKey(spiffeId, identityKey);
        if (signer !== undefined) known.set(hex(signer.keyId), signer);
      }
      token = page.nextPageToken;
    } while (token !== "");
    // Not before it succeeded: what could not be asked is not what nobody has.
    fetchedMs = startedMs;
  }

  /** Taken from the connection that proved to be the hub, and kept: it may not change later. */
  async function hubKey(stored: StoredEvent, hub: string): Promise<SignerKey | undefined> {
    const { publicKey } = await kit.events.getEvent(
      { cursor: stored.cursor },
      { timeoutMs: callMs },
    );
    const signer = signerKey(hub, publicKey);
    if (signer !== undefined) known.set(hex(signer.keyId), signer);
    return signer;
  }

  return {
    async keyOf(stored) {
      const id = hex(stored.keyId);
      const found = known.get(id);
      if (found !== undefined) return found;
      const source = sourceOf(stored);
      if (isHub(source)) {
        const hasOne = [...known.values()].some((one) => one.source === source);
        return hasOne ? undefined : hubKey(stored, source);
      }
      if (kit.world.clock.monotonic() - fetchedMs > askAgainMs) await fetchAll();
      return known.get(id);
    },
  };
}

/**
 * Hubs sign what they tell themselves; they are no nodes, so they are in no list. Of a peer's hub
 * the connected one kept the key when it took its word.
 */
function isHub(source: string | undefined): source is string {
  const parsed = source === undefined ? undefined : parseSpiffe(source);
  return parsed !== undefined && hubOfSpiffe(parsed) !== undefined;
}
