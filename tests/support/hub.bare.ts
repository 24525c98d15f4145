// A hub without a database: real doors, real guards, and services that a test brings along.
import { generateKeyPairSync } from "node:crypto";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { Audience, Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { NodeCaller, PersonCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { nodeOfSpiffe, parseSpiffe } from "@foedus/kernel/spiffe.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import type { World } from "@foedus/kernel/world.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { Refusal } from "../../server/runtime/audit.ts";
import type { Capability, Hub, Running } from "../../server/runtime/capability.ts";
import { loadSettings } from "../../server/runtime/config/settings.ts";
import type { RunningHub } from "../../server/runtime/hub.ts";
import { startHub } from "../../server/runtime/hub.ts";
import type { Peer, TlsMaterial } from "../../server/runtime/listen/peer.ts";
import { openLog } from "../../server/runtime/log.pino.ts";
import type { Storage } from "../../server/runtime/storage/storage.ts";
import type { TestAuthority } from "./authority.ts";
import { makeAuthority } from "./authority.ts";

/** A hub of a test, and what it left behind. */
export interface BareHub extends AsyncDisposable {
  readonly running: RunningHub;
  readonly hub: Hub;
  readonly authority: TestAuthority;
  readonly refusals: Refusal[];
  readonly logLines: string[];
  readonly web: string;
  readonly node: string;
  readonly join: string;
  /** SPIFFE ids that are turned away from now on. */
  readonly revoked: Set<string>;
  /** Sessions by secret. */
  readonly sessions: Map<string, PersonCaller>;
  /** Gives the doors another certificate. */
  renew(material: TlsMaterial): void;
}

/** How a test's hub differs. */
export interface BareHubOptions {
  readonly capabilities?: readonly Capability[];
  readonly values?: Readonly<Record<string, string>>;
  readonly world?: World;
  /** False sends every call through Connect's adapter. */
  readonly lean?: boolean;
}

/** The secret of the person `owner`, who is an admin. */
export const ownerSecret = "owner-secret-owner-secret";

const quiet = { web_port: "0", node_port: "0", join_port: "0", drain_ms: "1000", data: "/nowhere" };

/** Starts a hub on free ports of the loopback. */
export async function startBareHub(options: BareHubOptions = {}): Promise<BareHub> {
  const world = options.world ?? realWorld;
  const lean = String(options.lean ?? true);
  const settings = loadSettings({ flags: { ...quiet, lean, ...options.values } });
  const logLines: string[] = [];
  const write = (line: string) => void logLines.push(line);
  const log = openLog({ clock: world.clock, level: "debug", forPeople: false, write });
  const refusals: Refusal[] = [];
  const door = await openTestDoor();
  let handed: Hub | undefined;
  const keeper: Capability = {
    name: "keeper",
    tier: Tier.P0,
    start: (hub) => Promise.resolve(((handed = hub), door.running)),
  };
  const { privateKey } = generateKeyPairSync("ed25519");
  const running = await startHub({
    settings,
    world,
    log,
    identity: {
      hubId: "hub_test",
      trustDomain: "foedus.local",
      spiffeId: "spiffe://foedus.local/hub/hub_test",
      signingKey: { privateKey, publicKey: new Uint8Array(32) },
    },
    storage: noStorage,
    audit: { refused: (refusal) => void refusals.push(refusal), began: () => undefined },
    capabilities: [keeper, ...(options.capabilities ?? [])],
    version: "0.0.0",
    migrationsApplied: () => Promise.resolve([]),
    database: "external",
  });
  if (handed === undefined) throw new Error("the hub started nothing");
  const { webAddress: web, nodeAddress, joinAddress } = running.status();
  const addresses = { web, node: `https://${nodeAddress}`, join: `https://${joinAddress}` };
  const dispose = { [Symbol.asyncDispose]: () => running.stop() };
  return { running, hub: handed, refusals, logLines, ...door.handles, ...addresses, ...dispose };
}

const noStorage = new Proxy({} as Storage, {
  get: () => {
    throw new Error("this test has no database");
  },
});

/** Certificates of a test's authority, and callers by what is in them. */
async function openTestDoor() {
  const authority = await makeAuthority();
  const issued = await authority.issue({ hosts: ["localhost"] });
  let material = issued;
  const callbacks = new Set<(material: TlsMaterial) => void>();
  const revoked = new Set<string>();
  const sessions = new Map([[ownerSecret, person("owner", Role.ADMIN)]]);
  const running: Running = {
    tls: {
      current: () => material,
      changed(callback) {
        callbacks.add(callback);
        return () => void callbacks.delete(callback);
      },
    },
    authenticateNode: (peer) => nodeCaller(peer, revoked),
    authenticatePerson: (secret) => Promise.resolve(sessions.get(secret)),
  };
  const renew = (next: TlsMaterial) => {
    material = next;
    for (const callback of callbacks) callback(next);
  };
  return { running, handles: { authority, revoked, sessions, renew } };
}

/** A person of the tenant main. */
export function person(personId: string, role: Role): PersonCaller {
  const [tenant, id] = [tenantProved("main"), `person/${personId}`];
  const sessionId = `ses_${personId}`;
  const operator = role === Role.ADMIN;
  const who = { tenant, role, id, personId, sessionId, operator };
  return { kind: "person", audience: Audience.PERSON, ...who };
}

/** The id of a node of the tenant main. */
export function nodeUri(nodeId: string): string {
  return `spiffe://foedus.local/tenant/main/node/${nodeId}`;
}

function nodeCaller(peer: Peer, revoked: ReadonlySet<string>): NodeCaller {
  const refuse = (detail: string) => new Fault(Reason.NOT_AUTHENTICATED, { detail });
  const parsed = peer.spiffeId === undefined ? undefined : parseSpiffe(peer.spiffeId);
  const found = parsed && nodeOfSpiffe(parsed);
  if (peer.spiffeId === undefined || found === undefined) throw refuse("no node's certificate");
  if (revoked.has(peer.spiffeId)) throw refuse("revoked");
  return {
    kind: "node",
    audience: Audience.NODE,
    tenant: tenantProved(found.tenant),
    role: Role.MEMBER,
    id: peer.spiffeId,
    nodeId: found.nodeId,
    certificateSerial: peer.serial,
    certificateExpireMs: peer.expireMs,
  };
}
