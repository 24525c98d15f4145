import type { DescService } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { Caller } from "@foedus/kernel/caller.ts";

/** How one capability asks another: a direct dispatch through the same guards, without encoding. */
export interface Calls {
  /**
   * A client of a service of this hub that speaks for the given caller; a loop asks as
   * `insideCaller("<noun>", tenant)`. The deadline and the trace of the call that asks go along.
   */
  as<Desc extends DescService>(service: Desc, caller: Caller, signal?: AbortSignal): Client<Desc>;
}
