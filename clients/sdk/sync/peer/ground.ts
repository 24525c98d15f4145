import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { SigningKey } from "@foedus/kernel/signing.ts";
import type { Carriage, Hold } from "@foedus/kernel/sync/hold.ts";

/** The replica that peers exchange for: its machine and its disk. */
export interface PeerGround {
  readonly tenant: string;
  readonly nodeId: string;
  /** The key it writes with. */
  readonly replica: string;
  /** Signs what it wrote. */
  readonly identity: SigningKey;
  /** What it holds, by the key of the stream. */
  holds(): ReadonlyMap<string, Hold>;
  /** Resolves once all that it holds now is on its disk. */
  saved(): Promise<void>;
  /** Gives it what peers brought. */
  hand(stream: Stream, ops: readonly Carriage[]): void;
  /** Whether it has no session with its hub. */
  isAway(): boolean;
  /** Tells of new ops, its own and others'. */
  heed(act: () => void): void;
}
