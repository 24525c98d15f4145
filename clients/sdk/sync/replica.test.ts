import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Resume } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { framed } from "@foedus/kernel/sync/frame.ts";
import { expect, test } from "vitest";
import { replicaAt } from "../../../tests/support/replicas.ts";
import { FoedusError } from "../error.ts";
import { memoryDisk } from "./disk.memory.ts";
import type { Save, SyncDisk } from "./disk.ts";

/** A disk that takes its time, and can fail. */
function slowDisk() {
  const saved: (readonly Save[])[] = [];
  let next = Promise.withResolvers<void>();
  const disk: SyncDisk = {
    ...memoryDisk(),
    async save(saves) {
      saved.push(saves);
      await next.promise;
      next = Promise.withResolvers();
    },
  };
  return { disk, saved, done: () => next.resolve(), fail: (error: Error) => next.reject(error) };
}

/** A session whose hub says that it has nothing, and then what the test lets it say. */
function wireOf(replica: string, stream: object) {
  const sent: Frame[] = [];
  const cases = () => sent.map(({ frame }) => frame.case);
  const wire = { session: "s1", send: (frame: Frame) => void sent.push(frame), close: () => {} };
  const value = { stream, mode: Resume.INCREMENTAL, mark: { replica } };
  const resumed = {
    type: "frame",
    session: "s1",
    frame: framed({ case: "resumed", value }),
  } as const;
  return { wire, sent, cases, resumed };
}

test("a write is shown at once, and leaves only when the disk has it", async () => {
  const { disk, saved, done } = slowDisk();
  const { collection, replica } = await openWith(disk);
  const { wire, cases, resumed } = wireOf(replica.state.replica, collection.stream);
  replica.opened(wire);
  replica.step(resumed);
  const putting = collection.notes.put("n", { a: 1, b: 2 });
  expect(collection.notes.get("n")?.fields).toEqual({ a: 1, b: 2 });
  await expect.poll(() => saved.length).toBe(1);
  expect(cases()).toEqual([]);
  expect(replica.savedCtr(collection.key)).toBe(0);
  done();
  await putting;
  expect(cases()).toEqual(["hello", "push"]);
  expect(replica.savedCtr(collection.key)).toBe(2);
  // Both fields of one write went to the disk together.
  expect(saved[0]?.map(({ patch }) => patch.ctr)).toEqual([1, 2]);
});

test("what comes while the disk is busy is saved together next, in order", async () => {
  const { disk, saved, done } = slowDisk();
  const { collection } = await openWith(disk);
  const first = collection.notes.put("n", { n: 0 });
  await expect.poll(() => saved.length).toBe(1);
  const more = [1, 2, 3].map((n) => collection.notes.put("n", { n }));
  done();
  await first;
  await expect.poll(() => saved.length).toBe(2);
  done();
  await Promise.all(more);
  expect(saved[1]?.map(({ patch }) => patch.ctr)).toEqual([2, 3, 4]);
});

test("a disk that fails ends it: nothing leaves, and every write that waits says why", async () => {
  const { disk, saved, fail } = slowDisk();
  const { collection, replica } = await openWith(disk);
  const { wire, cases, resumed } = wireOf(replica.state.replica, collection.stream);
  replica.opened(wire);
  replica.step(resumed);
  const putting = [1, 2].map((n) => collection.notes.put("n", { n }));
  await expect.poll(() => saved.length).toBe(1);
  fail(new FoedusError(Reason.SYNC_DISK_FAILED, { file: "f", detail: "d" }));
  for (const one of putting) {
    await expect(one).rejects.toMatchObject({ reason: Reason.SYNC_DISK_FAILED });
  }
  expect(cases()).toEqual([]);
  expect(replica.signal.reason).toMatchObject({ reason: Reason.SYNC_DISK_FAILED });
});

test("whoever is told of a save may write in the same breath, and is told again", async () => {
  const { replica, collection } = await openWith(memoryDisk());
  for (let n = 0; n < 50; n++) {
    void collection.notes.put("n", { n });
    await replica.saved().then(() => collection.notes.put("n", { n: -n }));
  }
  expect(collection.notes.get("n")?.fields).toEqual({ n: -49 });
});

test("status says what went wrong last, of which stream, and since when", async () => {
  let told = 0;
  const all = await replicaAt(undefined, { changed: () => (told += 1) });
  all.collection("notes");
  const [[key, { stream }] = ["", { stream: {} }]] = all.replica.state.holds;
  expect(all.status().incident).toBeUndefined();
  const { wire } = wireOf(all.status().replica, stream);
  all.replica.opened(wire);
  const frame = framed({ case: "resumed", value: { stream, mode: Resume.REFUSED } });
  all.replica.step({ type: "frame", session: wire.session, frame });
  await expect.poll(() => all.status().incident?.reason).toBe("REFUSED");
  expect(all.status().incident?.stream).toBe(key);
  const sinceMs = all.status().incident?.sinceMs ?? 0;
  expect(Math.abs(sinceMs - all.replica.now())).toBeLessThan(60_000);
  expect(told).toBeGreaterThan(0);
});

async function openWith(disk: SyncDisk) {
  const all = await replicaAt(undefined, { disk });
  const notes = all.collection("notes");
  const [[key, { stream }] = ["", { stream: {} }]] = all.replica.state.holds;
  return { replica: all.replica, collection: { notes, key, stream } };
}
