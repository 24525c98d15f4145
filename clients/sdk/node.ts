import type { DescMessage, DescService, MessageInitShape } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { Node, NodeProfileSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import type { AgentOptions, FoedusAgent } from "./agent.ts";
import type { BulkResult } from "./event/bulk.ts";
import type { Heard } from "./event/heard.ts";
import type { Place } from "./event/line.ts";
import type { OutboxLimits } from "./event/outbox.ts";
import type { SubscribeOptions } from "./event/subscribe.ts";
import type { LinkStatus } from "./link/status.ts";
import type { Notice } from "./link/notice.ts";
import type { NodeHealth } from "./node/heartbeat.ts";
import type { Seen } from "./node/watch.ts";
import type { Json } from "./sync/codec.ts";
import type { Collection } from "./sync/collection.ts";
import type { CollectionOptions } from "./sync/collection.options.ts";
import type { Collections } from "./sync/collections.ts";
import type { NodeSyncOptions } from "./sync/node.ts";
import type { PeersStatus } from "./sync/peer/peers.ts";
import type { Tasks } from "./task/tasks.ts";
import type { TaskWorker, Work, WorkOptions } from "./task/work.ts";

/** How to open a node that joined. */
export interface OpenOptions {
  /** Asked before each heartbeat; healthy unless it says otherwise. */
  readonly health?: () => NodeHealth | Promise<NodeHealth>;
  /** Told what happens to the connection, for a log or a screen. */
  readonly notice?: (notice: Notice) => void;
  /** How much may wait for the hub. */
  readonly outbox?: Partial<OutboxLimits>;
  /** Where the node keeps its collections. */
  readonly sync?: NodeSyncOptions;
  /** Closes the node when it aborts. */
  readonly signal?: AbortSignal;
  /** Clock and chance; the machine's own unless a test hands in others. */
  readonly world?: World;
  /** What others who want the folder are told holds it. */
  readonly purpose?: string;
}

/** Where an event belongs. */
export interface PublishOptions {
  /** What it is about; the node itself when left out. */
  readonly subject?: string;
  /** One of the node's lines of counting, "main" when left out; each line keeps its own order. */
  readonly stream?: string;
  /** Gives up waiting; an event that is on its way may still arrive. */
  readonly signal?: AbortSignal;
}

/** An event for `publishStream`. */
export interface Outgoing<Schema extends DescMessage = DescMessage> {
  readonly schema: Schema;
  readonly payload: MessageInitShape<Schema>;
  readonly subject?: string;
}

/** How an open node is doing. */
export interface NodeStatus {
  readonly connected: boolean;
  /** What it waits for, while it is not connected. */
  readonly waiting: { readonly reason: string; readonly sinceMs: number } | undefined;
  /** Of the last heartbeat; undefined before the first was answered. */
  readonly roundTripMs: number | undefined;
  /** How far this machine's clock is ahead of the hub's. */
  readonly skewMs: number;
  /** How long the certificate is still good for; the node renews it by itself. */
  readonly certificateLeftMs: number;
  /** Events the hub has stored since the node was opened. */
  readonly eventsPublished: number;
  /** Events that wait for the hub. */
  readonly eventsWaiting: number;
  readonly link: LinkStatus;
}

/**
 * A node that joined a hub. It connects by itself, and again after every interruption; renews its
 * certificate; and comes back by its identity key after a sleep. Calls wait while the hub is away:
 * bound them with a signal. Close it, or say `await using node = await openNode(folder)`.
 */
export interface FoedusNode extends AsyncDisposable {
  readonly nodeId: string;
  /** The name in the tenant. */
  readonly name: string;
  readonly tenant: string;
  /** Who it is to everybody: spiffe://<trust domain>/tenant/<tenant>/node/<id>. */
  readonly spiffeId: string;
  /** Aborts when the node is closed, revoked or retired; its reason is a FoedusError. */
  readonly signal: AbortSignal;
  /** The hub's time in milliseconds since 1970, whatever this machine's clock shows. */
  hubNow(): number;
  status(): NodeStatus;
  /** Resolves when the hub is connected. */
  ready(signal?: AbortSignal): Promise<void>;
  /** Tells the hub what the node is, and begins to send heartbeats. Again whenever that changes. */
  register(
    profile: MessageInitShape<typeof NodeProfileSchema>,
    signal?: AbortSignal,
  ): Promise<Node>;
  /**
   * Tells a fact. Fields that the schema marks sensitive are left out. Resolves once the hub has
   * stored it durably; it is sent again until then, and stored once.
   */
  publish<Schema extends DescMessage>(
    schema: Schema,
    payload: MessageInitShape<Schema>,
    options?: PublishOptions,
  ): Promise<Place>;
  /** Tells many facts in order, as they come, on a line of their own. */
  publishStream(
    events: AsyncIterable<Outgoing> | Iterable<Outgoing>,
    options?: Omit<PublishOptions, "subject">,
  ): Promise<BulkResult>;
  /** Hears the tenant's log. Resumes by itself; ends when the signal aborts or the node ends. */
  subscribe(options?: SubscribeOptions): AsyncGenerator<Heard, void, void>;
  /** The tenant's nodes, and what becomes of them. */
  watchNodes(signal?: AbortSignal): AsyncGenerator<Seen, void, void>;
  /**
   * A client of any service of the hub that admits nodes, over the node's own connection. Its calls
   * fail at once, with HUB_UNREACHABLE and when it is tried next, after five tries in a row failed;
   * streams, and all that the node does by itself, wait.
   */
  client<Desc extends DescService>(service: Desc): Client<Desc>;
  /**
   * Aborts when a long stream of such a client should go over to a newer connection, which has a
   * newer certificate. Ask before each stream.
   */
  moving(): AbortSignal;
  /**
   * Records that converge with every other replica of them, and are read and written on this
   * machine, whether or not there is a hub.
   *
   * @throws FoedusError SYNC_FILE_DAMAGED, SYNC_FILE_HELD, SYNC_VALUE_INVALID
   */
  collection<Value = Json>(
    name: string,
    options?: CollectionOptions<Value>,
  ): Promise<Collection<Value>>;
  /** All collections together: how the contact is, and what waits for the hub. */
  collections(): Promise<Collections>;
  /** How it goes on with peers while the hub is away; undefined unless `sync.peers` is given. */
  peers(): PeersStatus | undefined;
  /** Asks for work, and sees what becomes of it. */
  readonly tasks: Tasks;
  /**
   * Does tasks of a queue from now on, until the worker is closed or the node ends.
   *
   * @throws FoedusError INVALID_REQUEST for what no worker can be.
   */
  work(options: WorkOptions, work: Work): TaskWorker;
  /** Lets a short-lived agent act through the node, under a name and with a role of its own. */
  agent(name: string, options?: AgentOptions): Promise<FoedusAgent>;
  /** Waits a moment for what is still on its way, and leaves. The hub sees it go offline. */
  close(): Promise<void>;
}
