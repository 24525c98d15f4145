import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { Audience } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { NodeCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { nodeOfSpiffe, parseSpiffe } from "@foedus/kernel/spiffe.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { utcText } from "@foedus/kernel/time.ts";
import { isOut, refuseOut } from "./identity.ts";

/** What a directory knows of one certificate. */
export interface KnownCertificate {
  readonly serial: string;
  readonly expireMs: number;
}

/** What a TLS session proved: its chain was checked against our root when it was opened. */
export interface Presented extends KnownCertificate {
  readonly spiffeId: string | undefined;
}

/** Who holds valid certificates, in memory: asked for each call and each message of a stream. */
export interface Directory {
  /** @throws Fault NODE_REVOKED, NODE_QUARANTINED, CERTIFICATE_EXPIRED or CERTIFICATE_UNKNOWN. */
  authenticate(presented: Presented): NodeCaller;
  /**
   * Learns an identity and certificates of it. What was revoked stays so; who gets revoked or
   * quarantined is cut at once.
   */
  learn(tenant: TenantId, identity: Identity, certificates: readonly KnownCertificate[]): void;
  /** The identity key of a node that is known. */
  keyOf(spiffeId: string): Uint8Array | undefined;
  /** Nodes of this domain that were asked for and are not known, since the last call. */
  takeMissed(): { tenant: string; nodeId: string }[];
  /** Forgets who has held no valid certificate for long; returns how many are left. */
  prune(): number;
}

/** What a directory is opened with. */
export interface DirectoryKit {
  readonly trustDomain: string;
  nowMs(): number;
  /** Ends the live sessions of a node. */
  cut(spiffeId: string): void;
  /** Called when somebody unknown came, who may have enrolled at another process of this hub. */
  missed(): void;
}

interface Entry {
  readonly tenant: TenantId;
  identity: Identity;
  /** Serials and their ends. */
  readonly certificates: Map<string, number>;
  newestEndMs: number;
}

/** Live streams are told for a day that their certificate expired; then they are nobody's. */
const rememberMs = 86_400_000;
const missedMax = 1_000;

/** Knows nobody yet. */
export function openDirectory(kit: DirectoryKit): Directory {
  const entries = new Map<string, Entry>();
  const missed = new Map<string, { tenant: string; nodeId: string }>();
  const unknown = (presented: Presented): Fault => {
    const node = nodeOf(presented.spiffeId, kit.trustDomain);
    if (node !== undefined && missed.size < missedMax) {
      missed.set(presented.spiffeId ?? "", node);
      kit.missed();
    }
    return unknownFault(presented);
  };
  return {
    authenticate(presented) {
      // Keys are ids that we made ourselves: one that is found is well formed and of our domain.
      const entry = entries.get(presented.spiffeId ?? "");
      if (entry === undefined) throw unknown(presented);
      refuseOut(entry.identity);
      const { serial, expireMs } = presented;
      if (expireMs <= kit.nowMs()) {
        throw new Fault(Reason.CERTIFICATE_EXPIRED, { serial, time: utcText(expireMs) });
      }
      // Of what another process issued a moment ago, we know only that it ends later.
      const issued = entry.certificates.has(serial) || expireMs > entry.newestEndMs;
      if (!issued) throw unknownFault(presented);
      return callerOf(entry, presented);
    },
    learn(tenant, identity, certificates) {
      const entry = entryOf(entries, tenant, identity);
      const wasOut = isOut(entry.identity);
      const wasTrusted = entry.identity.revokeTime === undefined;
      // What is heard late may be older than what is known: it does not let anybody in again.
      if (wasTrusted && identity.revision >= entry.identity.revision) entry.identity = identity;
      for (const { serial, expireMs } of certificates) note(entry, serial, expireMs, kit.nowMs());
      missed.delete(identity.spiffeId);
      // Once: whoever knocks after that is told why, and a second cut would break that answer off.
      if (!wasOut && isOut(entry.identity)) kit.cut(identity.spiffeId);
    },
    keyOf: (spiffeId) => entries.get(spiffeId)?.identity.identityKey,
    takeMissed() {
      const taken = [...missed.values()];
      missed.clear();
      return taken;
    },
    prune() {
      const beforeMs = kit.nowMs() - rememberMs;
      for (const [id, entry] of entries) if (entry.newestEndMs < beforeMs) entries.delete(id);
      return entries.size;
    },
  };
}

function callerOf({ tenant, identity }: Entry, { serial, expireMs }: Presented): NodeCaller {
  return {
    kind: "node",
    audience: Audience.NODE,
    tenant,
    role: identity.role,
    id: identity.spiffeId,
    nodeId: identity.nodeId,
    certificateSerial: serial,
    certificateExpireMs: expireMs,
  };
}

function entryOf(entries: Map<string, Entry>, tenant: TenantId, identity: Identity): Entry {
  const known = entries.get(identity.spiffeId);
  if (known !== undefined) return known;
  const entry = { tenant, identity, certificates: new Map<string, number>(), newestEndMs: 0 };
  entries.set(identity.spiffeId, entry);
  return entry;
}

function note(entry: Entry, serial: string, expireMs: number, nowMs: number): void {
  for (const [old, endMs] of entry.certificates) if (endMs <= nowMs) entry.certificates.delete(old);
  entry.certificates.set(serial, expireMs);
  entry.newestEndMs = Math.max(entry.newestEndMs, expireMs);
}

function nodeOf(spiffeId: string | undefined, trustDomain: string) {
  const id = parseSpiffe(spiffeId ?? "");
  return id?.trustDomain === trustDomain ? nodeOfSpiffe(id) : undefined;
}

function unknownFault({ serial, spiffeId }: Presented): Fault {
  const facts = { serial: serial || "(none)", spiffe_id: spiffeId ?? "(no id)" };
  return new Fault(Reason.CERTIFICATE_UNKNOWN, facts);
}
