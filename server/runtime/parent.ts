import type { DescService } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { Waiting } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";

/** The connection to the hub above. */
export interface ParentLine {
  /** The tenant of this hub that is at home there too. */
  readonly ownTenant: TenantId;
  client<Desc extends DescService>(service: Desc): Client<Desc>;
  /** Aborts when a long stream should go over to a newer connection. Ask before each stream. */
  moving(): AbortSignal;
  /** Aborts when the connection is over. */
  readonly signal: AbortSignal;
}

/** Where the uplink leaves its connection for those that speak with the parent. */
export interface ParentSlot {
  /** There is one, or none any more. */
  set(line: ParentLine | undefined): void;
  /** The connection, as soon as there is one; undefined when the signal aborts. */
  line(signal: AbortSignal): Promise<ParentLine | undefined>;
  /** What one of them waits for at the parent, to be told with how the hub stands there. */
  wait(waiting: Waiting | undefined): void;
  waiting(): Waiting | undefined;
}

/** No connection yet. */
export function openParentSlot(): ParentSlot {
  let current: ParentLine | undefined;
  let waits: Waiting | undefined;
  const hopeful = new Set<() => void>();
  return {
    set(line) {
      current = line;
      for (const look of hopeful) look();
    },
    line: (signal) =>
      new Promise((resolve) => {
        const look = () => {
          if (current === undefined && !signal.aborted) return;
          hopeful.delete(look);
          signal.removeEventListener("abort", look);
          resolve(signal.aborted ? undefined : current);
        };
        hopeful.add(look);
        signal.addEventListener("abort", look, { once: true });
        look();
      }),
    wait: (waiting) => (waits = waiting),
    waiting: () => waits,
  };
}
