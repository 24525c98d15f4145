// Who may what, what is declared, and what streams hold, over a real log.
import { randomUUID } from "node:crypto";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { Refusal, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { bucketOf, wholeDigest } from "@foedus/kernel/sync/bucket.ts";
import { fingerprint } from "@foedus/kernel/sync/digest.ts";
import { cellKey } from "@foedus/kernel/sync/op.ts";
import { expect, onTestFinished, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { joinNode, personOf, registeredNode, strangerNode } from "../../../tests/support/joined.ts";
import { streamOf, TestSpoke } from "../../../tests/support/spoke.ts";

const local = sharedHub({ zones: "world,eu" });

const patient = { interval: 10 };
const as = (caller: Caller) => local.hub.calls.as(CollectionService, caller);
const owner = () => as(personOf(Role.ADMIN));
const requestId = () => randomUUID();

async function spokeOf(caller: Caller, zones: readonly string[] = ["world", "eu"]) {
  const spoke = new TestSpoke(local.hub.calls.as(SyncService, caller), zones);
  onTestFinished(() => spoke.leave());
  await spoke.connect();
  return spoke;
}

/** A stream that somebody has written so many records to. */
async function written(stream: Stream, count: number): Promise<TestSpoke> {
  const spoke = await spokeOf((await joinNode(local.hub)).caller);
  spoke.follow(stream);
  for (let at = 0; at < count; at++) spoke.put(stream, `r${at}`, `value ${at}`);
  await expect.poll(() => spoke.hold(stream).ackedCtr, patient).toBe(count);
  return spoke;
}

test("a grant is given by name or id, listed, and taken back", async () => {
  const node = await registeredNode(local.hub);
  const given = await owner().setGrant({ requestId: requestId(), node: node.name, relays: true });
  expect(given.grant).toMatchObject({ nodeId: node.id, node: node.name, zones: [], relays: true });
  await owner().setGrant({ requestId: requestId(), node: node.id, zones: ["eu"], relays: true });
  const { grants, zones } = await owner().listGrants({});
  expect(zones).toEqual(["world", "eu"]);
  expect(grants).toMatchObject([{ nodeId: node.id, node: node.name, zones: ["eu"], relays: true }]);
  await owner().setGrant({ requestId: requestId(), node: node.id });
  expect((await owner().listGrants({})).grants).toEqual([]);
});

test("who joined and has not said what it is can be granted something too", async () => {
  const node = await joinNode(local.hub);
  for (const ref of [node.name, node.id]) {
    const given = await owner().setGrant({ requestId: requestId(), node: ref, relays: true });
    expect(given.grant).toMatchObject({ nodeId: node.id, node: node.name });
  }
  await owner().setGrant({ requestId: requestId(), node: node.id });
});

test("what was granted ends with the identity of the node", async () => {
  const node = await registeredNode(local.hub);
  await owner().setGrant({ requestId: requestId(), node: node.id, relays: true });
  const identities = local.hub.calls.as(IdentityService, personOf(Role.ADMIN));
  await identities.revokeNode({ requestId: requestId(), node: node.id, reason: "a test" });
  const granted = async () => (await owner().listGrants({})).grants.map(({ nodeId }) => nodeId);
  await expect.poll(granted, patient).not.toContain(node.id);
});

test("nobody is granted what is not there", async () => {
  const node = await registeredNode(local.hub);
  const given = (request: object) =>
    owner().setGrant({ requestId: requestId(), node: node.id, ...request });
  await expect(given({ node: "nobody" })).rejects.toMatchObject({ reason: Reason.NOT_FOUND });
  await expect(given({ zones: ["us"] })).rejects.toMatchObject({
    reason: Reason.SYNC_ZONE_ELSEWHERE,
    facts: { zone: "us", zones: "world, eu" },
  });
  const member = as(personOf(Role.MEMBER));
  await expect(
    member.setGrant({ requestId: requestId(), node: node.id, relays: true }),
  ).rejects.toMatchObject({ reason: Reason.NOT_ALLOWED });
});

test("a node sees its own grant alone, and another tenant none", async () => {
  const [one, other] = [await registeredNode(local.hub), await registeredNode(local.hub)];
  for (const { id } of [one, other]) {
    await owner().setGrant({ requestId: requestId(), node: id, relays: true });
  }
  const { grants } = await as(one.caller).listGrants({});
  expect(grants.map(({ nodeId }) => nodeId)).toEqual([one.id]);
  expect((await as(strangerNode()).listGrants({})).grants).toEqual([]);
  expect((await as(personOf(Role.OBSERVER)).listGrants({ page: { size: 1 } })).grants).toHaveLength(
    1,
  );
});

test("a session ends when its node is granted otherwise, and begins anew as granted", async () => {
  const node = await registeredNode(local.hub);
  const eu = streamOf("regranted", { zone: "eu" });
  const spoke = await spokeOf(node.caller);
  spoke.follow(eu);
  spoke.put(eu, "r", "one");
  await expect.poll(() => spoke.hold(eu).ackedCtr, patient).toBe(1);
  await owner().setGrant({ requestId: requestId(), node: node.id, zones: ["world"] });
  await spoke.ended;
  expect(spoke.heard.at(-1)?.frame.case).toBe("bye");
  const { zones } = await spoke.connect();
  expect(zones).toEqual(["world"]);
  await expect
    .poll(() => spoke.heard.findLast(({ frame }) => frame.case === "resumed")?.frame.value, patient)
    .toMatchObject({ refusal: Refusal.ZONE });
  const { streams } = await as(node.caller).listStreams({ collection: "regranted" });
  expect(streams).toEqual([]);
  await expect(as(node.caller).getDigest({ stream: eu })).rejects.toMatchObject({
    reason: Reason.SYNC_ZONE_FOREIGN,
  });
});

test("a collection is declared, declared anew, and listed by name", async () => {
  const declared = (name: string, more: object = {}) =>
    owner().declareCollection({
      requestId: requestId(),
      collection: { name, zone: "world", lane: 2, ...more },
    });
  await declared("d2", { partitions: ["b", "a"] });
  await declared("d1");
  const { collection } = await declared("d1", { revisionMin: 2, revisionMax: 5 });
  expect(collection).toMatchObject({ revisionMin: 2, revisionMax: 5 });
  const first = await as(personOf(Role.OBSERVER)).listCollections({ page: { size: 1 } });
  expect(first.collections.map(({ name }) => name)).toEqual(["d1"]);
  const { collections } = await owner().listCollections({ page: { token: first.nextPageToken } });
  expect(collections).toMatchObject([{ name: "d2", partitions: ["a", "b"] }]);
  await expect(declared("d3", { revisionMin: 2, revisionMax: 1 })).rejects.toMatchObject({
    reason: Reason.SYNC_DECLARATION_INVALID,
  });
  expect((await as(strangerNode()).listCollections({})).collections).toEqual([]);
});

test("a stream outside of what was declared stays readable and takes no new write", async () => {
  const stream = streamOf("narrowed");
  const spoke = await written(stream, 1);
  const collection = { name: "narrowed", zone: "world", lane: 3 };
  await owner().declareCollection({ requestId: requestId(), collection });
  const reader = await spokeOf((await joinNode(local.hub)).caller);
  reader.follow(stream);
  await expect.poll(() => reader.values(stream, "r0"), patient).toEqual(["value 0"]);
  spoke.put(stream, "late", "x");
  const refused = async () => {
    await spoke.connect();
    return [...spoke.hold(stream).quarantine.values()].map(({ refusal }) => Refusal[refusal]);
  };
  await expect.poll(refused, { ...patient, interval: 200 }).toContain("NOT_DECLARED");
  expect(reader.values(stream, "late")).toEqual([]);
  // Wider again, what was refused is asked for again, and taken.
  await owner().declareCollection({
    requestId: requestId(),
    collection: { ...collection, lane: 1 },
  });
  await spoke.ended;
  await reader.ended;
  for (const each of [spoke, reader]) await each.connect();
  await expect.poll(() => reader.values(stream, "late"), patient).toEqual(["x"]);
});

test("who was refused a stream hears that it is declared wider, and is let in", async () => {
  const declared = (lane: number) =>
    owner().declareCollection({
      requestId: requestId(),
      collection: { name: "widened", zone: "world", lane },
    });
  await declared(3);
  const stream = streamOf("widened");
  const spoke = await spokeOf((await joinNode(local.hub)).caller);
  spoke.follow(stream);
  spoke.put(stream, "r", "waits");
  const answers = () => spoke.heard.filter(({ frame }) => frame.case === "resumed");
  await expect.poll(() => answers().length, patient).toBe(1);
  expect(answers()[0]?.frame.value).toMatchObject({ refusal: Refusal.NOT_DECLARED });
  await declared(stream.lane);
  await spoke.ended;
  await spoke.connect();
  await expect.poll(() => spoke.hold(stream).ackedCtr, patient).toBe(1);
});

test("what two hubs would compare: kept, counted anew, and by parts", async () => {
  const stream = streamOf("digested");
  const spoke = await written(stream, 300);
  const { status, sound, buckets } = await owner().getDigest({ stream, recount: true });
  const { digest } = spoke.hold(stream);
  expect(sound).toBe(true);
  expect(status).toMatchObject({ head: 300, cells: 300, digest: digest.sum });
  const counts = buckets.map(({ cells, digest: sum }) => ({ cells, sum }));
  expect(wholeDigest(counts)).toEqual(digest);
  const [first] = buckets;
  const part = await owner().getDigest({ stream, bucket: first?.bucket ?? 0 });
  expect(part.cells).toHaveLength(first?.cells ?? 0);
  for (const [at, name] of part.cells.entries()) {
    expect(bucketOf(name)).toBe(first?.bucket);
    const cell = spoke.hold(stream).cells.get(cellKey(name));
    expect(part.fingerprints[at]).toBe(cell && fingerprint(cell));
  }
  const quick = await owner().getDigest({ stream });
  expect(quick).toMatchObject({ status: { digest: digest.sum }, buckets: [], cells: [] });
});

test("of a stream nobody wrote to, nothing is told and nothing is made", async () => {
  const stream = streamOf("nobodys");
  const none = { reason: Reason.NOT_FOUND, facts: { object: "stream nobodys:1" } };
  await expect(owner().getDigest({ stream, recount: true })).rejects.toMatchObject(none);
  const request = { requestId: requestId(), stream };
  await expect(owner().repairStream(request)).rejects.toMatchObject(none);
  expect((await owner().listStreams({ collection: "nobodys" })).streams).toEqual([]);
});

test("a repair sets right what is kept, and all begin anew with a snapshot", async () => {
  const stream = streamOf("repaired");
  const spoke = await written(stream, 3);
  const sound = await owner().repairStream({ requestId: requestId(), stream });
  expect(sound).toMatchObject({ changed: false, status: { cells: 3 } });
  await rowsOf(
    local.url,
    `update sync_stream set cells = 5, digest = digest + 1, conflicts = 2
     where collection = 'repaired'`,
  );
  expect((await owner().getDigest({ stream, recount: true })).sound).toBe(false);
  const request = { requestId: requestId(), stream };
  const [repaired, again] = [
    await owner().repairStream(request),
    await owner().repairStream(request),
  ];
  expect(repaired).toMatchObject({ changed: true, status: { cells: 3, conflicts: 0 } });
  expect(again).toEqual(repaired);
  expect(repaired.status?.epoch).not.toBe(sound.status?.epoch);
  expect((await owner().getDigest({ stream, recount: true })).sound).toBe(true);
  await spoke.ended;
  await spoke.connect();
  await expect.poll(() => spoke.hold(stream).cursor?.epoch, patient).toBe(repaired.status?.epoch);
  expect(spoke.hold(stream).digest.sum).toBe(repaired.status?.digest);
  await expect(
    as(personOf(Role.MEMBER)).repairStream({ requestId: requestId(), stream }),
  ).rejects.toMatchObject({ reason: Reason.NOT_ALLOWED });
});
