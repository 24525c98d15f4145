// Conflicts as they are listed, explained and resolved, over a real log.
import { randomUUID } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import {
  CollectionService,
  ResolveConflictResponseSchema,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { CellNameSchema, type Dot, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { dotIn } from "@foedus/kernel/sync/cell.ts";
import { dotKey, dotOf } from "@foedus/kernel/sync/dot.ts";
import { opOf } from "@foedus/kernel/sync/op.ts";
import { expect, onTestFinished, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { joinNode, personOf, registeredNode, strangerNode } from "../../../tests/support/joined.ts";
import { streamOf, TestSpoke } from "../../../tests/support/spoke.ts";

const local = sharedHub({ zones: "world,eu" });

const patient = { interval: 10 };
const utf8 = new TextEncoder();
const text = new TextDecoder();

const as = (caller: Caller) => local.hub.calls.as(CollectionService, caller);
const owner = () => as(personOf(Role.ADMIN));

/** Two nodes that wrote one record without knowledge of each other. */
async function disputed(stream: Stream, record = "r") {
  const spokes = [];
  for (const words of ["one", "two"]) {
    const node = await joinNode(local.hub);
    const spoke = new TestSpoke(local.hub.calls.as(SyncService, node.caller), ["world", "eu"]);
    onTestFinished(() => spoke.leave());
    spoke.follow(stream);
    spoke.put(stream, record, words);
    spokes.push({ node, spoke });
  }
  for (const { spoke } of spokes) await spoke.connect();
  for (const { spoke } of spokes) {
    await expect.poll(() => spoke.values(stream, record).toSorted(), patient).toHaveLength(2);
  }
  const [one, two] = spokes;
  if (one === undefined || two === undefined) throw new Error("two were made");
  return { one, two };
}

async function conflictIn(stream: Stream) {
  const { conflicts } = await owner().listConflicts({ stream });
  const [conflict] = conflicts;
  if (conflict === undefined) throw new Error("there is no conflict");
  const seen = conflict.contenders.flatMap(({ sibling }) => (sibling ? [dotIn(sibling)] : []));
  return { conflict, seen };
}

const keep = (dot: Dot | undefined) => ({ case: "keep", value: dot ?? dotOf("", 0) }) as const;
const nameOf = (record: string) => create(CellNameSchema, { record });
const resolution = (stream: Stream, seen: Dot[], kept: Dot | undefined, record = "r") => {
  return { requestId: randomUUID(), stream, name: nameOf(record), seen, value: keep(kept) };
};

test("a conflict says who wrote what and when, and why one is shown", async () => {
  const stream = streamOf("listed");
  const { one, two } = await disputed(stream);
  const { conflict } = await conflictIn(stream);
  expect(conflict.contenders.map(({ author }) => author).toSorted()).toEqual(
    [one.node.name, two.node.name].toSorted(),
  );
  expect(conflict.contenders.map(({ shown }) => shown)).toEqual([true, false]);
  const [shown] = conflict.contenders;
  expect(conflict.why).toMatch(/^Of 2 values written without knowledge of each other the later /);
  expect(conflict.why).toContain(` by ${shown?.author}, against `);
  const { conflicts } = await owner().listConflicts({ stream, name: { record: "other" } });
  expect(conflicts).toEqual([]);
});

test("a contender that is kept is what all see, and is stamped and counted once", async () => {
  const stream = streamOf("kept");
  const { one, two } = await disputed(stream);
  const { seen, conflict } = await conflictIn(stream);
  const loser = conflict.contenders[1]?.sibling;
  const words = text.decode(loser && opOf(loser.op).body);
  const { cell } = await owner().resolveConflict(resolution(stream, seen, loser?.dot));
  expect(cell?.siblings).toHaveLength(1);
  for (const { spoke } of [one, two]) {
    await expect.poll(() => spoke.values(stream, "r"), patient).toEqual([words]);
  }
  const { streams } = await owner().listStreams({ collection: "kept" });
  expect(streams[0]).toMatchObject({ head: 3, cells: 1, conflicts: 0, replicas: 3 });
  expect((await owner().listConflicts({ stream })).conflicts).toEqual([]);
});

test("another value can be put in place of all", async () => {
  const stream = streamOf("other");
  const { one } = await disputed(stream);
  const { seen } = await conflictIn(stream);
  const value = { case: "body", value: utf8.encode("both") } as const;
  await owner().resolveConflict({ ...resolution(stream, seen, undefined), value });
  await expect.poll(() => one.spoke.values(stream, "r"), patient).toEqual(["both"]);
});

test("the same request twice is one effect, and of two at once one is too late", async () => {
  const stream = streamOf("twice");
  await disputed(stream);
  const { seen } = await conflictIn(stream);
  const [first, second] = seen;
  const request = resolution(stream, seen, first);
  const rival = resolution(stream, seen, second);
  const answers = await Promise.allSettled([
    owner().resolveConflict(request),
    owner().resolveConflict(request),
    owner().resolveConflict(rival),
    owner().resolveConflict(rival),
  ]);
  const taken = answers.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const moved = answers.flatMap((one) => {
    return one.status === "rejected" ? [one.reason as unknown] : [];
  });
  const [one, again] = taken.map((each) => toBinary(ResolveConflictResponseSchema, each));
  expect(taken).toHaveLength(2);
  expect(one).toEqual(again);
  expect(moved).toMatchObject([
    { reason: Reason.SYNC_CONFLICT_MOVED },
    { reason: Reason.SYNC_CONFLICT_MOVED },
  ]);
  const { streams } = await owner().listStreams({ collection: "twice" });
  expect(streams[0]?.head).toBe(3);
  const leaves = await rowsOf(
    local.url,
    `select 1 from outbox_log where kind = 'sync.conflict_resolved' and subject = 'twice:1'`,
  );
  expect(leaves).toHaveLength(1);
});

test("what was not seen, was never there, or is elsewhere is not resolved", async () => {
  const stream = streamOf("missed");
  const { one } = await disputed(stream);
  const { seen } = await conflictIn(stream);
  const tried = (request: Partial<ReturnType<typeof resolution>>) =>
    owner().resolveConflict({ ...resolution(stream, seen, seen[0]), ...request });
  const moved = { reason: Reason.SYNC_CONFLICT_MOVED };
  await expect(tried({ seen: seen.slice(1) })).rejects.toMatchObject(moved);
  await expect(tried({ name: nameOf("none") })).rejects.toMatchObject(moved);
  await expect(tried({ stream: streamOf("nowhere") })).rejects.toMatchObject({
    reason: Reason.NOT_FOUND,
  });
  await expect(tried({ stream: streamOf("missed", { zone: "us" }) })).rejects.toMatchObject({
    reason: Reason.SYNC_ZONE_FOREIGN,
  });
  const stranger = dotOf(seen[0]?.replica ?? "", 99);
  await expect(tried({ value: keep(stranger) })).rejects.toMatchObject({
    reason: Reason.SYNC_NO_CONTENDER,
    facts: { dot: dotKey(stranger) },
  });
  expect(one.spoke.values(stream, "r")).toHaveLength(2);
  const { streams } = await owner().listStreams({ collection: "nowhere" });
  expect(streams).toEqual([]);
});

test("a stream outside of its declaration takes no resolution either", async () => {
  const stream = streamOf("outside");
  await disputed(stream);
  const { seen } = await conflictIn(stream);
  const collection = { name: "outside", zone: "world", lane: 2 };
  await owner().declareCollection({ requestId: randomUUID(), collection });
  await expect(owner().resolveConflict(resolution(stream, seen, seen[0]))).rejects.toMatchObject({
    reason: Reason.SYNC_OP_REFUSED,
    facts: { stream: "outside:1" },
  });
  const newer = { ...collection, lane: 1, revisionMin: 3 };
  await owner().declareCollection({ requestId: randomUUID(), collection: newer });
  await expect(owner().resolveConflict(resolution(stream, seen, seen[0]))).rejects.toMatchObject({
    reason: Reason.SYNC_OP_REFUSED,
  });
  const { streams } = await owner().listStreams({ collection: "outside" });
  expect(streams[0]).toMatchObject({ head: 2, conflicts: 1 });
});

test("conflicts come in pages, each once, and only from zones one stands in", async () => {
  const [world, eu] = [streamOf("paged"), streamOf("paged", { zone: "eu" })];
  for (const record of ["a", "b", "c"]) await disputed(world, record);
  await disputed(eu, "d");
  const node = await registeredNode(local.hub);
  await owner().setGrant({ requestId: randomUUID(), node: node.name, zones: ["world"] });
  const records: string[] = [];
  let token = "";
  do {
    const page = await as(node.caller).listConflicts({ page: { size: 2, token } });
    for (const { stream, name } of page.conflicts) {
      if (stream?.collection === "paged") records.push(name?.record ?? "");
    }
    token = page.nextPageToken;
  } while (token !== "");
  expect(records).toEqual(["a", "b", "c"]);
  await expect(as(node.caller).listConflicts({ stream: eu })).rejects.toMatchObject({
    reason: Reason.SYNC_ZONE_FOREIGN,
  });
  expect((await owner().listConflicts({ stream: eu })).conflicts).toHaveLength(1);
});

test("who only observes resolves nothing, and another tenant sees nothing", async () => {
  const stream = streamOf("guarded");
  await disputed(stream);
  const { seen } = await conflictIn(stream);
  const request = resolution(stream, seen, seen[0]);
  const observer = await joinNode(local.hub, Role.OBSERVER);
  await expect(as(observer.caller).resolveConflict(request)).rejects.toMatchObject({
    reason: Reason.NOT_ALLOWED,
  });
  expect((await as(observer.caller).listConflicts({ stream })).conflicts).toHaveLength(1);
  const elsewhere = as(strangerNode());
  expect((await elsewhere.listConflicts({ stream })).conflicts).toEqual([]);
  await expect(elsewhere.resolveConflict(request)).rejects.toMatchObject({
    reason: Reason.NOT_FOUND,
  });
  const member = await joinNode(local.hub);
  await as(member.caller).resolveConflict(request);
  expect((await owner().listConflicts({ stream })).conflicts).toEqual([]);
});
