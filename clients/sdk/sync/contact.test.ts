import { realWorld } from "@foedus/kernel/world.real.ts";
import type { World } from "@foedus/kernel/world.ts";
import { expect, test } from "vitest";
import { replicaAt } from "../../../tests/support/replicas.ts";
import type { Carrier } from "./carrier.ts";

/** A clock that runs out a thousand times as fast. */
const hasty: World = {
  ...realWorld,
  timers: {
    ...realWorld.timers,
    after: (ms, act) => realWorld.timers.after(ms / 1_000, act),
    sleep: (ms, signal) => realWorld.timers.sleep(ms / 1_000, signal),
  },
};

test("who lets a session in and says nothing is given up, and asked again", async () => {
  let asked = 0;
  const carrier: Carrier = {
    open: () => {
      asked += 1;
      return new Promise(() => {});
    },
  };
  const all = await replicaAt(undefined, { world: hasty, carrier });
  await expect.poll(() => all.status().waiting?.reason).toContain("silent for 45000 ms");
  await expect.poll(() => asked).toBeGreaterThan(1);
});
