import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { FoedusError } from "../error.ts";
import type { Codec, Json } from "./codec.ts";
import type { FieldKind } from "./writing.ts";

/** Which part of a collection, and how it is written. */
export interface CollectionOptions<Value = Json> {
  /** The residency zone, which nothing of it leaves: "world" unless told otherwise. */
  readonly zone?: string;
  /** 0 goes before all others; 1, 2 and 3 share by 4 : 2 : 1. 2 unless told otherwise. */
  readonly lane?: 0 | 1 | 2 | 3;
  /** The part of a collection that is divided; each part has an order of its own. */
  readonly partition?: string;
  /** The revision of the schema by which this program writes; 0 says nothing. */
  readonly schemaRevision?: number;
  /** How values become bytes: JSON unless told otherwise. All who share it must agree. */
  readonly codec?: Codec<Value>;
  /** Fields of which all concurrent values count: "multi". Else the latest is shown. */
  readonly kinds?: Readonly<Record<string, FieldKind>>;
  /**
   * What a write does when too many bytes wait for the hub: "throw" unless told otherwise.
   * "collapse" first lets go of what was written here, replaced here, and offered to nobody, and
   * adds up amounts; it throws when that gives no room, and on a node with peers.
   */
  readonly overflow?: "throw" | "wait" | "collapse";
}

const word = /^[a-z0-9][a-z0-9_-]*$/;
const partitionWord = /^([a-z0-9][a-z0-9_.-]*)?$/;
const wordMax = 64;
const laneMax = 3;

/** @throws FoedusError SYNC_VALUE_INVALID for a name that no hub takes. */
export function checkStream({ collection, partition, zone, lane }: Stream): void {
  const rules = [
    ["collection", collection, word],
    ["zone", zone, word],
    ["partition", partition, partitionWord],
  ] as const;
  for (const [what, name, pattern] of rules) {
    if (pattern.test(name) && name.length <= wordMax) continue;
    const problem = `lower-case letters, digits, _ and -, at most ${wordMax}`;
    throw new FoedusError(Reason.SYNC_VALUE_INVALID, { what: `${what} "${name}"`, problem });
  }
  if (Number.isInteger(lane) && lane >= 0 && lane <= laneMax) return;
  throw new FoedusError(Reason.SYNC_VALUE_INVALID, { what: `lane ${lane}`, problem: "0 to 3" });
}
