import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { syncHub } from "../../../tests/support/hub.sync.ts";
import { replicaAt } from "../../../tests/support/replicas.ts";
import { bytesCodec } from "./codec.ts";

test("what one writes, another reads, over either wire, and both agree", async () => {
  const hub = syncHub();
  const here = (await replicaAt(hub)).collection("notes");
  const there = (await replicaAt(hub, { twin: true })).collection("notes");
  const seen = there.watch();
  const putting = here.put("milk", { title: "Milk", done: false });
  expect(here.get("milk")?.fields).toEqual({ title: "Milk", done: false });
  await putting;
  await here.settled("parent");
  await expect(seen.next()).resolves.toMatchObject({ value: { record: "milk" } });
  await expect.poll(() => there.get("milk")?.fields).toEqual({ title: "Milk", done: false });
  await there.put("milk", { done: true });
  await expect.poll(() => here.get("milk")?.fields).toEqual({ title: "Milk", done: true });
  expect(here.list()).toEqual(there.list());
  expect(here.status()).toMatchObject({ mode: "LIVE", lagOps: 0, lagMs: 0, outboxOps: 0 });
});

test("without a hub all is read and written, and it goes out when there is one", async () => {
  const hub = syncHub();
  hub.cut();
  const all = await replicaAt(hub);
  const notes = all.collection("notes");
  for (const n of [1, 2, 3]) await notes.put(`n${n}`, { n });
  expect(notes.list().map(({ record }) => record)).toEqual(["n1", "n2", "n3"]);
  await expect.poll(() => all.status().waiting?.reason).toContain("the hub is away");
  expect(all.status()).toMatchObject({ connected: false, outboxOps: 3 });
  expect(notes.status()).toMatchObject({ mode: "AWAY", outboxOps: 3, unsettledOps: 3 });
  hub.restore();
  const steps = [];
  for await (const step of notes.draining()) steps.push(step);
  expect(steps.at(0)).toMatchObject({ sentOps: 0, waitingOps: 3 });
  expect(steps.at(-1)).toEqual({ sentOps: 3, waitingOps: 0, waitingBytes: 0 });
  expect(all.status()).toMatchObject({ connected: true, waiting: undefined, outboxBytes: 0 });
});

test("two who wrote apart make a conflict, which one of them resolves for both", async () => {
  const hub = syncHub();
  const options = { kinds: { title: "multi" } } as const;
  const [ours, theirs] = [await replicaAt(hub), await replicaAt(hub)];
  const [here, there] = [ours.collection("notes", options), theirs.collection("notes", options)];
  await here.put("n", { title: "first", text: "a" });
  await here.settled();
  await expect.poll(() => there.get("n")?.fields.title).toBe("first");
  hub.cut();
  await here.put("n", { title: "here", text: "b" });
  await there.put("n", { title: "there" });
  hub.restore();
  await expect.poll(() => here.conflicts().length).toBe(1);
  const [conflict] = here.conflicts();
  expect(conflict?.values.map(({ value }) => value).toSorted()).toEqual(["here", "there"]);
  expect(conflict?.values[0]?.value).toBe(here.get("n")?.fields.title);
  expect(here.get("n")).toMatchObject({ conflicts: ["title"], fields: { text: "b" } });
  await here.resolve("n", "title", "both");
  await expect.poll(() => there.get("n")?.fields.title).toBe("both");
  expect(there.conflicts()).toEqual([]);
});

test("a counter counts each increment once, a maximum keeps the greatest", async () => {
  const hub = syncHub();
  const [here, there] = [await replicaAt(hub), await replicaAt(hub, { twin: true })];
  const [ours, theirs] = [here.collection("likes"), there.collection("likes")];
  for (const by of [1, 2, 3]) await ours.increment("post", "likes", by);
  await theirs.increment("post", "likes", -1);
  await ours.raise("post", "seen", 17);
  await theirs.raise("post", "seen", 9);
  const counted = { counts: { likes: 5 }, maxima: { seen: 17 } };
  await expect.poll(() => ours.get("post")).toMatchObject(counted);
  await expect.poll(() => theirs.get("post")).toMatchObject(counted);
  const half = await ours.increment("post", "likes", 0.5).catch((error: unknown) => error);
  expect(half).toMatchObject({ reason: Reason.SYNC_VALUE_INVALID });
});

test("an element that somebody adds again while another removes it, stays", async () => {
  const hub = syncHub();
  const [ours, theirs] = [await replicaAt(hub), await replicaAt(hub)];
  const [here, there] = [ours.collection("tags"), theirs.collection("tags")];
  await here.addTo("post", "red", true);
  await here.addTo("post", "blue", true);
  await here.settled();
  await expect.poll(() => Object.keys(there.get("post")?.fields ?? {})).toEqual(["blue", "red"]);
  hub.cut();
  await here.removeFrom("post", "red");
  await here.removeFrom("post", "blue");
  await there.addTo("post", "red", true);
  hub.restore();
  await expect.poll(() => Object.keys(there.get("post")?.fields ?? {})).toEqual(["red"]);
  await expect.poll(() => Object.keys(here.get("post")?.fields ?? {})).toEqual(["red"]);
});

test("rows that are added have names of their own, and a record that is removed is gone", async () => {
  const hub = syncHub();
  const [ours, theirs] = [await replicaAt(hub), await replicaAt(hub)];
  const [here, there] = [ours.collection("log"), theirs.collection("log")];
  const ids = [await here.add({ said: "a" }), await here.add({ said: "b" })];
  expect(new Set(ids).size).toBe(2);
  await expect.poll(() => there.list().map(({ fields }) => fields[""])).toHaveLength(2);
  expect(there.get(ids[1] ?? "")?.fields[""]).toEqual({ said: "b" });
  await here.put("n", { a: 1, b: 2 });
  await here.increment("n", "count", 3);
  await here.remove("n", "a");
  await expect.poll(() => there.get("n")?.fields).toEqual({ b: 2 });
  await here.remove("n");
  expect(here.get("n")).toBeUndefined();
  await expect.poll(() => there.list().length).toBe(2);
});

test("a write that the hub refuses is seen in quarantine alone, until it is taken back", async () => {
  const hub = syncHub("hub-1", { opBytesMax: 100 });
  const notes = (await replicaAt(hub)).collection("notes", { codec: bytesCodec });
  await notes.put("small", { body: new Uint8Array(8) });
  await notes.put("large", { body: new Uint8Array(200) });
  expect(notes.get("large")).toBeDefined();
  await notes.settled("parent");
  expect(notes.get("large")).toBeUndefined();
  const [refused] = notes.quarantine();
  expect(refused).toMatchObject({ record: "large", field: "body", refusal: Refusal.TOO_LARGE });
  expect(notes.status()).toMatchObject({ quarantined: 1, outboxOps: 0 });
  await notes.takeBack(refused?.id ?? "");
  expect(notes.quarantine()).toEqual([]);
  await notes.put("small", { body: new Uint8Array(9) });
  await notes.settled("parent");
});

test("a stream that may not be here says so, and the others go on", async () => {
  const hub = syncHub();
  const all = await replicaAt(hub);
  const abroad = all.collection("files", { zone: "eu" });
  const notes = all.collection("notes");
  await abroad.put("n", { a: 1 });
  await notes.put("n", { a: 1 });
  await notes.settled();
  await expect.poll(() => abroad.status().mode).toBe("REFUSED");
  expect(abroad.status()).toMatchObject({ refusal: Refusal.ZONE, outboxOps: 1 });
  expect(hub.sessions).toBe(1);
});

test("a full outbox refuses by name, or makes a write wait until the hub has room", async () => {
  const hub = syncHub();
  hub.cut();
  const all = await replicaAt(hub, { outboxBytesMax: 200 });
  const strict = all.collection("notes", { codec: bytesCodec });
  const patient = all.collection("notes", { codec: bytesCodec, overflow: "wait" });
  await strict.put("fits", { body: new Uint8Array(140) });
  const full = await strict
    .put("more", { body: new Uint8Array(60) })
    .catch((error: unknown) => error);
  expect(full).toMatchObject({ reason: Reason.SYNC_OUTBOX_FULL });
  const given = AbortSignal.abort(new Error("enough"));
  await expect(patient.put("more", { body: new Uint8Array(60) }, given)).rejects.toThrow("enough");
  const waiting = patient.put("more", { body: new Uint8Array(60) });
  expect(strict.get("more")).toBeUndefined();
  hub.restore();
  await waiting;
  expect(strict.get("more")).toBeDefined();
});

test("names and values that no hub takes are refused where they are written", async () => {
  const all = await replicaAt(undefined);
  const invalid = { reason: Reason.SYNC_VALUE_INVALID };
  const thrown = (act: () => unknown) => {
    try {
      return act();
    } catch (error) {
      return error;
    }
  };
  expect(thrown(() => all.collection("Notes"))).toMatchObject(invalid);
  expect(thrown(() => all.collection("notes", { zone: "" }))).toMatchObject(invalid);
  const notes = all.collection("notes", { codec: bytesCodec });
  await notes.put("r".repeat(256), { [""]: new Uint8Array(65_536) });
  for (const [record, field, size] of [
    ["r".repeat(257), "f", 1],
    ["", "f", 1],
    ["a\u0000b", "f", 1],
    ["r", "f", 65_537],
  ] as const) {
    const refused = notes.put(record, { [field]: new Uint8Array(size) });
    await expect(refused).rejects.toMatchObject(invalid);
  }
});

test("a watcher that is slow hears of each record once, as it is by then", async () => {
  const all = await replicaAt(undefined);
  const notes = all.collection("notes");
  const stopped = new AbortController();
  const changes = notes.watch(stopped.signal);
  for (let n = 0; n < 1000; n++) await notes.put(n % 2 === 0 ? "even" : "odd", { n });
  const heard = [await changes.next(), await changes.next()].map(({ value }) => value?.row);
  expect(heard.map((row) => row?.fields.n)).toEqual([998, 999]);
  const next = changes.next();
  stopped.abort();
  await expect(next).resolves.toMatchObject({ done: true });
});

test("what is closed takes no more, and says so", async () => {
  const all = await replicaAt(syncHub());
  const notes = all.collection("notes");
  await notes.put("n", { a: 1 });
  await all.close();
  await expect(notes.put("n", { a: 2 })).rejects.toMatchObject({ reason: Reason.SYNC_CLOSED });
  expect(notes.get("n")?.fields).toEqual({ a: 1 });
});

test("a hub that has no time for a half of a session is said the same again, in the same session", async () => {
  const hub = syncHub();
  const all = await replicaAt(hub, { twin: true });
  const notes = all.collection("notes");
  await notes.put("n", { a: 1 });
  await notes.settled();
  const { session } = all.replica.state;
  hub.limit(3);
  await notes.put("n", { a: 2 });
  await notes.settled();
  expect(all.replica.state.session).toBe(session);
  expect(all.status()).toMatchObject({ connected: true, outboxOps: 0 });
});
