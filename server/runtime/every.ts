import type { World } from "@foedus/kernel/world.ts";

/** Does something again and again; returns how to stop it. */
export function every(world: World, ms: number, act: () => void): () => void {
  let stopped = false;
  const again = () => {
    world.timers.after(ms, () => {
      if (stopped) return;
      act();
      again();
    });
  };
  again();
  return () => {
    stopped = true;
  };
}
