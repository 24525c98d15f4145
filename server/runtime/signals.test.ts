import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { oneSignalMs, onStopSignal } from "./signals.ts";

test("the same request passed on twice is one; a later one insists", () => {
  let nowMs = 0;
  const heard: string[] = [];
  const clock = { ...realWorld.clock, monotonic: () => nowMs };
  onStopSignal(["SIGHUP"], clock, {
    stop: () => heard.push("stop"),
    insist: () => heard.push("insist"),
  });
  process.emit("SIGHUP");
  nowMs = oneSignalMs - 1;
  process.emit("SIGHUP");
  expect(heard).toEqual(["stop"]);
  nowMs = oneSignalMs;
  process.emit("SIGHUP");
  expect(heard).toEqual(["stop", "insist"]);
  process.removeAllListeners("SIGHUP");
});
