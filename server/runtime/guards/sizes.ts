import type { World } from "@foedus/kernel/world.ts";
import type { GuardCall } from "./guard.ts";

/** A request, as large as its header says. */
export interface Sized {
  readonly bytes: number;
  readonly tenant: string;
  readonly caller: string;
}

/** The largest requests of the last minutes, for seeing how near the limit they come. */
export interface Sizes {
  /** Notes a request that says how long it is; a stream, and most of gRPC, does not. */
  note(call: Pick<GuardCall, "header" | "caller">): void;
  /** The largest of each tenant. */
  largest(): Sized[];
}

const windowMs = 300_000;

/** Tenants that are remembered at once. */
const tenantsMax = 1_000;

/** Has seen none yet. */
export function openSizes(world: World): Sizes {
  let [now, before] = [new Map<string, Sized>(), new Map<string, Sized>()];
  let turnMs = world.clock.monotonic() + windowMs;
  const turn = () => {
    const lateMs = world.clock.monotonic() - turnMs;
    if (lateMs < 0) return;
    before = lateMs < windowMs ? now : new Map<string, Sized>();
    now = new Map<string, Sized>();
    turnMs = world.clock.monotonic() + windowMs;
  };
  return {
    note({ header, caller }) {
      const bytes = Number(header.get("content-length") ?? 0);
      if (caller === undefined || !Number.isSafeInteger(bytes) || bytes <= 0) return;
      turn();
      const { tenant } = caller;
      if (bytes <= (now.get(tenant)?.bytes ?? 0)) return;
      if (!now.has(tenant) && now.size >= tenantsMax) return;
      now.set(tenant, { bytes, tenant, caller: caller.id });
    },
    largest() {
      turn();
      const all = Map.groupBy([...now.values(), ...before.values()], (one) => one.tenant);
      return [...all.values()].flatMap((some) => {
        const [most] = some.toSorted((a, b) => b.bytes - a.bytes);
        return most === undefined ? [] : [most];
      });
    },
  };
}
