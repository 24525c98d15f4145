import type { DescService } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type { NodeCaller, PeerCaller, PersonCaller } from "@foedus/kernel/caller.ts";
import type { SigningKey } from "@foedus/kernel/signing.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { ConfigEntry, HubStatus, Tier, Uplink } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import type { HubConfig } from "@foedus/gen/foedus/config/v1/config_pb.js";
import type { Calls } from "./calls.ts";
import type { AgentProofs } from "./guards/authenticate.ts";
import type { Log } from "./log.ts";
import type { Processes } from "./processes.ts";
import type { Peer, Sessions, TlsMaterial } from "./listen/peer.ts";
import type { Trust } from "./listen/trust.ts";
import type { Meters } from "./meters.ts";
import type { ParentSlot } from "./parent.ts";
import type { Served } from "./served.ts";
import type { Storage } from "./storage/storage.ts";
import type { Measured } from "./usage.ts";

/** Who this hub is; made at first start and kept in its data folder. */
export interface HubIdentity {
  readonly hubId: string;
  readonly trustDomain: string;
  readonly spiffeId: string;
  /** Signs the hub's own events. */
  readonly signingKey: SigningKey;
}

/** What every capability gets for free. */
export interface Hub {
  readonly world: World;
  /** The config as it is now; ask again after a reload. */
  config(): HubConfig;
  /** Each value of the config with its source. */
  configEntries(): ConfigEntry[];
  readonly identity: HubIdentity;
  readonly log: Log;
  readonly storage: Storage;
  /** Asks another capability, through the same guards. */
  readonly calls: Calls;
  /** The live connections of nodes. */
  readonly sessions: Sessions;
  /** The hub processes over this database. */
  readonly processes: Processes;
  /** The connection to the hub above, where there is one. */
  readonly parent: ParentSlot;
  /** Figures for whoever asks. */
  readonly meters: Pick<Meters, "gauge">;
  /** By whose roots the certificates of other domains are judged. */
  readonly trust: Pick<Trust, "set">;
  /** What the hub shows when it calls others; undefined before it has a certificate. */
  certificate(): TlsMaterial | undefined;
  /** How much is used of what the hub limits. */
  measured(): Measured;
  /** What is wrong with the config as its sources say now; undefined when a reload would do. */
  configProblem(): string | undefined;
  /** Which migrations the database has had, whatever this program knows of them. */
  migrationsApplied(): Promise<string[]>;
  /** Which tenants are served. */
  readonly served: Served;
  /** How the hub and its capabilities are. */
  status(): HubStatus;
  /** Aborts when the hub begins to stop. */
  readonly draining: AbortSignal;
}

/** A service and what carries it out. */
export interface Service {
  readonly desc: DescService;
  readonly implementation: Partial<ServiceImpl<DescService>>;
}

/** Work that goes on until the signal aborts; started again with backoff when it throws. */
export interface Loop {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}

/** What a capability brings when it runs. */
export interface Running {
  readonly services?: readonly Service[];
  readonly loops?: readonly Loop[];
  /**
   * Tells who a certificate belongs to. Throws a Fault for a refused one; called for each message.
   */
  readonly authenticateNode?: (peer: Peer) => NodeCaller;
  /** The same for the hubs of other trust domains. */
  readonly authenticatePeer?: (peer: Peer) => PeerCaller;
  /** Tells agents apart by their tokens, over the connections of their nodes. */
  readonly agents?: AgentProofs;
  /** Tells whose session a secret is; undefined for nobody's. */
  readonly authenticatePerson?: (secret: string) => Promise<PersonCaller | undefined>;
  /**
   * Key and chain of the node and join listeners, and whom they trust; `changed` on each renewal.
   */
  readonly tls?: TlsSource;
  /** Text for the operator once the hub is ready, e.g. the sign-in link. */
  readonly greeting?: () => Promise<string[]>;
  /** How the hub stands with its parent. */
  readonly uplink?: () => Uplink;
  readonly stop?: () => Promise<void>;
}

/** Where the listeners' certificates come from. */
export interface TlsSource {
  current(): TlsMaterial;
  /** Calls back after each renewal; returns how to stop that. */
  changed(callback: (material: TlsMaterial) => void): () => void;
}

/** One capability of the hub: a column of the house. */
export interface Capability {
  readonly name: string;
  readonly tier: Tier;
  /** Called once; for P1 and P2 again after a failure. */
  start(hub: Hub): Promise<Running>;
}

/** A service with its implementation checked against the schema. */
export function service<Desc extends DescService>(
  desc: Desc,
  implementation: ServiceImpl<Desc>,
): Service {
  return { desc, implementation: implementation as Partial<ServiceImpl<DescService>> };
}
