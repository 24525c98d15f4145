import { CapabilityState, Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { expect, test } from "vitest";
import { startBareHub } from "../../tests/support/hub.bare.ts";
import { fastWorld } from "../../tests/support/world.fast.ts";
import { until } from "../../tests/support/until.ts";
import type { Capability, Loop } from "./capability.ts";

const world = fastWorld(100);

function withLoop(tier: Tier, run: Loop["run"]): Capability {
  return {
    name: "planted",
    tier,
    start: () => Promise.resolve({ loops: [{ name: "turn", run }] }),
  };
}

test("a P0 capability that does not start stops the hub, which says which and why", async () => {
  const planted: Capability = {
    name: "planted",
    tier: Tier.P0,
    start: () => Promise.reject(new Error("the key is missing")),
  };
  await expect(startBareHub({ capabilities: [planted] })).rejects.toThrow(
    "capability planted (P0) does not start: the key is missing",
  );
});

test("what already ran is stopped when a later one does not start", async () => {
  const stopped: string[] = [];
  const first: Capability = {
    name: "first",
    tier: Tier.P0,
    start: () => Promise.resolve({ stop: () => Promise.resolve(void stopped.push("first")) }),
  };
  const second: Capability = {
    name: "second",
    tier: Tier.P0,
    start: () => Promise.reject(new Error("no")),
  };
  await expect(startBareHub({ capabilities: [first, second] })).rejects.toThrow("second");
  expect(stopped).toEqual(["first"]);
});

test("a P0 loop that keeps failing ends the hub, which says which and why", async () => {
  let runs = 0;
  const planted = withLoop(Tier.P0, () => {
    runs += 1;
    return Promise.reject(new Error("the table is gone"));
  });
  await using hub = await startBareHub({ capabilities: [planted], world });
  const fault = await hub.running.failed;
  expect(fault.message).toBe("capability planted (P0) loop turn keeps failing: the table is gone");
  expect(runs).toBe(5);
});

test.each([
  ["as a fault", () => new Fault(Reason.DATABASE_UNREACHABLE, { detail: "restarting" })],
  ["in the driver's words", () => Object.assign(new Error("connect"), { code: "ECONNREFUSED" })],
])("a P0 loop waits for a database that is away, told %s", async (_how, away) => {
  let runs = 0;
  const planted = withLoop(Tier.P0, () => {
    runs += 1;
    return Promise.reject(away());
  });
  await using hub = await startBareHub({ capabilities: [planted], world: fastWorld(2_000) });
  let failed = false;
  void hub.running.failed.then(() => (failed = true));
  await until(() => expect(runs).toBeGreaterThan(12));
  expect(failed).toBe(false);
});

test("a lesser loop that fails begins again, with growing waits, and is counted", async () => {
  const starts: number[] = [];
  const planted = withLoop(Tier.P1, () => {
    starts.push(performance.now());
    return Promise.reject(new Error("again"));
  });
  await using hub = await startBareHub({ capabilities: [planted], world });
  await until(() => expect(starts.length).toBeGreaterThan(7));
  const text = await (await fetch(`${hub.web}/metrics`)).text();
  expect(text).toMatch(/foedus_loop_restart_total\{loop="planted.turn"\} \d/);
  expect(hub.logLines.filter((line) => line.includes("loop failed")).length).toBeGreaterThan(6);
});

test("a loop that ends by itself is begun again too", async () => {
  let runs = 0;
  const planted = withLoop(Tier.P2, () => Promise.resolve(void (runs += 1)));
  await using hub = await startBareHub({ capabilities: [planted], world });
  await until(() => expect(runs).toBeGreaterThan(3));
  expect(hub.running.status().capabilities.at(-1)?.state).toBe(CapabilityState.SERVING);
});

test("loops go on while the hub drains, and have ended when it has stopped", async () => {
  const seen: string[] = [];
  const planted = withLoop(Tier.P1, async (signal) => {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    seen.push("ended");
  });
  const hub = await startBareHub({ capabilities: [planted] });
  hub.hub.draining.addEventListener("abort", () => seen.push("draining"));
  await hub.running.stop();
  expect(seen).toEqual(["draining", "ended"]);
});
