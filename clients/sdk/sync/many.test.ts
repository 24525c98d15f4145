import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { World } from "@foedus/kernel/world.ts";
import { expect, onTestFinished, test } from "vitest";
import { syncHub } from "../../../tests/support/hub.sync.ts";
import { replicaAt } from "../../../tests/support/replicas.ts";
import type { Collection } from "./collection.ts";
import type { Json } from "./codec.ts";
import { fileDisk } from "./disk.file.store.ts";

const opsCount = 10_000;
const atOnce = 1000;
/** A step is a push of 256 writes; after 10 ms of work the rest of the program has its turn. */
const stepsBetweenTurnsMax = 6;
/** Each look at the clock takes so long: how quick the machine is does not count. */
const lookMs = 2;

const workloads: Record<string, (notes: Collection<Json>, n: number) => Promise<void>> = {
  "many records": (notes, n) => notes.put(`r${n}`, { n }),
  "one field, again and again": (notes, n) => notes.put("r", { n }),
  "one counter": (notes) => notes.increment("r", "count"),
};

test.for(Object.keys(workloads))(
  "%s, written offline, drain with progress and no stall",
  async (name) => {
    const folder = mkdtempSync(join(tmpdir(), "foedus-many-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "sync.db");
    const hub = syncHub();
    const offline = await replicaAt(undefined, { disk: fileDisk(file) });
    const write = workloads[name] ?? (() => Promise.resolve());
    for (let n = 0; n < opsCount; n += atOnce) {
      const written = Array.from({ length: atOnce }, (_, at) => {
        return write(offline.collection("notes"), n + at);
      });
      await Promise.all(written);
    }
    await offline.close();
    using opening = takeTurns();
    const all = await replicaAt(hub, { disk: fileDisk(file), world: slowly() });
    expect(opening.count()).toBeGreaterThan(0);
    const notes = all.collection("notes");
    expect(notes.status().outboxOps).toBe(opsCount);
    using turns = takeTurns();
    const steps: number[] = [];
    let [turnsBefore, stepsAtOnce, stepsAtOnceMax] = [0, 0, 0];
    for await (const { sentOps } of notes.draining()) {
      steps.push(sentOps);
      stepsAtOnce = turns.count() === turnsBefore ? stepsAtOnce + 1 : 0;
      stepsAtOnceMax = Math.max(stepsAtOnceMax, stepsAtOnce);
      turnsBefore = turns.count();
    }
    expect(steps.at(-1)).toBe(opsCount);
    expect(steps.length).toBeGreaterThan(opsCount / 512);
    expect(stepsAtOnceMax).toBeLessThanOrEqual(stepsBetweenTurnsMax);

    expect(notes.get(name === "many records" ? "r7" : "r")).toBeDefined();
  },
);

/** The real world, in which work takes as long on each machine. */
function slowly(): World {
  const { clock } = realWorld;
  let lookedMs = 0;
  const monotonic = () => clock.monotonic() + (lookedMs += lookMs);
  return { ...realWorld, clock: { ...clock, now: () => clock.now(), monotonic } };
}

/** Counts how often the rest of a program had its turn. */
function takeTurns(): Disposable & { count(): number } {
  let count = 0;
  let turn = realWorld.timers.after(0, take);
  function take(): void {
    count += 1;
    turn = realWorld.timers.after(0, take);
  }
  return { count: () => count, [Symbol.dispose]: () => turn.cancel() };
}
