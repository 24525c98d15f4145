import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { NodeKit } from "../link/kit.ts";
import type { Link } from "../link/link.ts";
import { duplexCarrier } from "./carrier.duplex.ts";
import { openCollectionsOn, type Collections } from "./collections.ts";
import { fileDisk } from "./disk.file.store.ts";
import { memoryDisk } from "./disk.memory.ts";
import type { SyncDisk } from "./disk.ts";
import { attachPeers, type Attached } from "./peer/attach.ts";
import type { PeersOptions, PeersStatus } from "./peer/peers.ts";

/** Where and how a node keeps its collections. */
export interface NodeSyncOptions {
  /**
   * The file, "memory" to keep nothing beyond the process, or a disk of your own. Unless told
   * otherwise `sync.db` in the node's folder; a node whose store is no folder keeps it in memory.
   */
  readonly disk?: string | SyncDisk;
  /** Bytes of writes that may wait for the hub: 64 MiB unless told otherwise. */
  readonly outboxBytesMax?: number;
  /**
   * Lets the node go on with other nodes of its tenant while the hub is away, from its first
   * collection on. Off unless told otherwise.
   */
  readonly peers?: PeersOptions;
}

/** A node's collections: opened when they are first asked for, closed with the node. */
export class NodeSync {
  readonly #kit: NodeKit;
  readonly #link: Link;
  readonly #folder: string | undefined;
  readonly #options: NodeSyncOptions;
  #opening: Promise<Collections> | undefined;
  #attached: Attached | undefined;

  constructor(kit: NodeKit, link: Link, folder?: string, options: NodeSyncOptions = {}) {
    this.#kit = kit;
    this.#link = link;
    this.#folder = folder;
    this.#options = options;
  }

  /** How it stands with peers; undefined while they are not asked for. */
  peers(): PeersStatus | undefined {
    return this.#attached?.peers.status();
  }

  /** @throws FoedusError as the disk says, e.g. SYNC_FILE_DAMAGED; asking again tries again. */
  async open(): Promise<Collections> {
    this.#kit.ended.signal.throwIfAborted();
    this.#opening ??= this.#openOn(this.#disk());
    try {
      return await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  /** Lets what is on its way reach the hub, for a moment. */
  async close(): Promise<void> {
    const collections = await this.#opening?.catch(() => undefined);
    await this.#attached?.close();
    await collections?.close();
  }

  async #openOn(disk: SyncDisk): Promise<Collections> {
    const { world, membership, ended } = this.#kit;
    const { outboxBytesMax, peers } = this.#options;
    const collections = await openCollectionsOn({
      world,
      disk,
      tenant: membership.admission.tenant,
      carrier: duplexCarrier(createClient(SyncService, this.#link.transport)),
      now: () => this.#kit.clock.now(),
      ended: ended.signal,
      moving: () => this.#link.moving(),
      outboxBytesMax,
      shown: peers !== undefined,
    });
    if (peers === undefined) return collections;
    try {
      this.#attached = await attachPeers(this.#kit, this.#link, collections.replica, peers);
      return collections;
    } catch (error) {
      await collections.close();
      throw error;
    }
  }

  #disk(): SyncDisk {
    const { disk = this.#folder && join(this.#folder, "sync.db") } = this.#options;
    if (typeof disk === "object") return disk;
    return disk === undefined || disk === "" || disk === "memory" ? memoryDisk() : fileDisk(disk);
  }
}
