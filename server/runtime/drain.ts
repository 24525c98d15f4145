import type { World } from "@foedus/kernel/world.ts";
import type { Listener } from "./listen/listener.ts";

/** How long clients get to read the last bytes once no call is under way. */
const lingerMs = 500;

const lookMs = 20;

/**
 * Ends the doors without losing a call: no new connections, every session told to go elsewhere,
 * then up to `drainMs` for the calls under way, which have been told before.
 */
export async function drain(
  world: World,
  listeners: readonly Listener[],
  drainMs: number,
): Promise<void> {
  for (const listener of listeners) listener.goAway();
  await until(world, drainMs, () => listeners.every((listener) => listener.calls() === 0));
  for (const listener of listeners) listener.close();
  await until(world, lingerMs, () => listeners.every((listener) => listener.connections() === 0));
  for (const listener of listeners) listener.destroy();
}

async function until(world: World, ms: number, done: () => boolean): Promise<void> {
  const endMs = world.clock.monotonic() + ms;
  while (!done() && world.clock.monotonic() < endMs) await world.timers.sleep(lookMs);
}
