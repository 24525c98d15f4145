import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Collection } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { anyTerms, type Charter } from "@foedus/kernel/sync/charter.ts";
import { streamRefusal } from "./declared.ts";

/** What each tenant has declared, as it was read last. */
export type Declarations = Map<string, ReadonlyMap<string, Collection>>;

/** By which revisions each stream may be written. */
export function charterOf(declarations: Declarations): Charter {
  return (tenant, stream) => {
    const declared = declarations.get(tenant)?.get(stream.collection);
    if (declared === undefined) return anyTerms;
    return streamRefusal(declared, stream) === Refusal.UNSPECIFIED ? declared : undefined;
  };
}
