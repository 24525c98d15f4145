import { Code } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { backoffMs } from "@foedus/kernel/backoff.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { Loop } from "./capability.ts";
import type { Log } from "./log.ts";
import type { Meters } from "./meters.ts";
import { faultOf } from "./storage/fault.ts";
import { codeOf } from "./wrap/refusal.ts";

/** Whose loop it is. */
export interface LoopOwner {
  readonly name: string;
  readonly tier: Tier;
}

/** What running loops takes. */
export interface LoopKit {
  readonly world: World;
  readonly log: Log;
  readonly meters: Meters;
  /** Aborts when the loops should end. */
  readonly signal: AbortSignal;
  /** Called when the hub cannot go on. */
  fatal(fault: Fault): void;
}

const loopBackoff = { firstMs: 200, lastMs: 30_000 };

/** A P0 loop that fails this often in a row ends the process. */
const failuresMax = 5;

/** A loop that ran this long before it failed is well in between. */
const wellMs = 60_000;

/** Runs a loop until the signal aborts, and starts it again whenever it fails. */
export async function runLoop(kit: LoopKit, owner: LoopOwner, loop: Loop): Promise<void> {
  const { world, log, meters, signal } = kit;
  const name = `${owner.name}.${loop.name}`;
  let failures = 0;
  while (!signal.aborted) {
    const startMs = world.clock.monotonic();
    const error = await attempt(loop, signal);
    if (signal.aborted) return;
    failures = world.clock.monotonic() - startMs > wellMs ? 1 : failures + 1;
    meters.loopRestarted(name);
    log.warn("loop failed", { loop: name, failures, error });
    if (owner.tier === Tier.P0 && failures >= failuresMax && !isOutside(error)) {
      return kit.fatal(capabilityFailed(owner.name, `loop ${loop.name} keeps failing`, error));
    }
    await world.timers.sleep(backoffMs(loopBackoff, failures, world.random), signal);
  }
}

/** What a person reads when a capability the hub needs does not run. */
export function capabilityFailed(capability: string, what: string, error: unknown): Fault {
  const detail = error instanceof Error ? error.message : String(error);
  return new Fault(Reason.CAPABILITY_FAILED, { capability, what, detail }, { cause: error });
}

async function attempt(loop: Loop, signal: AbortSignal): Promise<unknown> {
  try {
    await loop.run(signal);
    return new Error("it ended by itself");
  } catch (error) {
    return error;
  }
}

/** A database or disk that is away comes back without us: a restart of the hub would not help. */
function isOutside(error: unknown): boolean {
  // Single statements of loops come with the driver's own errors.
  const fault = faultOf(error);
  if (!(fault instanceof Fault)) return false;
  return [Code.Unavailable, Code.ResourceExhausted].includes(codeOf(fault));
}
