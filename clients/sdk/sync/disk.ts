import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Hold, Patch } from "@foedus/kernel/sync/hold.ts";

/**
 * Where a replica keeps what it holds. The key it writes with is bound to the counters beside it:
 * a disk that lost one has lost both, and gives out a new key.
 */
export interface SyncDisk {
  /** How messages call it, e.g. the file's path. */
  readonly place: string;
  /**
   * What it holds; where it holds nothing, `fresh` is the key from now on.
   *
   * @throws FoedusError SYNC_FILE_DAMAGED, SYNC_FILE_HELD, SYNC_FILE_NEWER, DATA_FOLDER_UNUSABLE
   */
  load(fresh: string): Promise<Loaded>;
  /**
   * Keeps all of it or nothing, and resolves once a power cut cannot undo it; with `replica` also
   * the key that is written with from now on.
   *
   * @throws FoedusError SYNC_DISK_FAILED, SYNC_FILE_HELD
   */
  save(saves: readonly Save[], replica?: string): Promise<void>;
  /** Lets others have it. */
  close(): Promise<void>;
}

/** What a disk held when it was opened. */
export interface Loaded {
  readonly replica: string;
  /** By the key of the stream. */
  readonly holds: Map<string, Hold>;
}

/** A change of one stream. */
export interface Save {
  readonly stream: Stream;
  readonly patch: Patch;
}
