// Streams as they are listed and watched, over a real log.
import { randomUUID } from "node:crypto";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import {
  CollectionService,
  type WatchStreamsResponse,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { PeerKind, type StreamStatus } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { streamText } from "@foedus/kernel/sync/stream.ts";
import { expect, onTestFinished, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import {
  joinNode,
  personOf,
  registeredNode,
  strangerNode,
  type JoinedNode,
} from "../../../tests/support/joined.ts";
import { streamOf, TestSpoke } from "../../../tests/support/spoke.ts";

const local = sharedHub({ zones: "world,eu" });

const patient = { interval: 10 };
const as = (caller: Caller) => local.hub.calls.as(CollectionService, caller);
const owner = () => as(personOf(Role.ADMIN));

const partOf = (stream: Stream, partition: string): Stream => ({ ...stream, partition });

async function spokeAt(node: JoinedNode, stream: Stream): Promise<TestSpoke> {
  const spoke = new TestSpoke(local.hub.calls.as(SyncService, node.caller), ["world", "eu"]);
  onTestFinished(() => spoke.leave());
  spoke.follow(stream);
  await spoke.connect();
  return spoke;
}

async function write(spoke: TestSpoke, stream: Stream, ...records: string[]): Promise<void> {
  const before = spoke.hold(stream).ackedCtr;
  for (const record of records) spoke.put(stream, record, "x");
  await expect.poll(() => spoke.hold(stream).ackedCtr, patient).toBe(before + records.length);
}

/** A watch that goes on until the test ends. */
function watched(caller: Caller, collection = "") {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const items: WatchStreamsResponse[] = [];
  const ended = (async () => {
    const { signal } = stop;
    for await (const item of as(caller).watchStreams({ collection }, { signal })) items.push(item);
  })().catch((error: unknown) => error);
  const told = () => items.flatMap(({ streams }) => streams);
  const last = (stream: Stream): StreamStatus | undefined =>
    told().findLast((one) => one.stream && streamText(one.stream) === streamText(stream));
  return { items, told, last, ended, stop: () => stop.abort() };
}

test("streams are listed in pages by collection, partition, zone and lane", async () => {
  const node = await joinNode(local.hub);
  const wished = [
    streamOf("listed"),
    streamOf("listed", { lane: 2 }),
    partOf(streamOf("listed"), "a"),
    partOf(streamOf("listed", { zone: "eu" }), "a"),
  ];
  for (const stream of wished) await write(await spokeAt(node, stream), stream, "r");
  const found: string[] = [];
  let token = "";
  do {
    const page = await owner().listStreams({ collection: "listed", page: { size: 3, token } });
    expect(page.zones).toEqual(["world", "eu"]);
    found.push(...page.streams.map(({ stream }) => (stream ? streamText(stream) : "")));
    token = page.nextPageToken;
  } while (token !== "");
  expect(found).toEqual(["listed:1", "listed", "listed/a@eu:1", "listed/a:1"]);
  expect((await as(strangerNode()).listStreams({})).streams).toEqual([]);
});

test("a stream names who follows it, how far, and what they lack", async () => {
  const stream = streamOf("followed");
  const [author, reader] = [await joinNode(local.hub), await joinNode(local.hub)];
  const spoke = await spokeAt(author, stream);
  const other = await spokeAt(reader, stream);
  await write(spoke, stream, "a", "b");
  const followers = async () => {
    const { streams } = await owner().listStreams({ collection: "followed" });
    return streams[0]?.followers.map(({ name, seq, lagOps, connected, kind }) => {
      return { name, seq, lagOps, connected, kind };
    });
  };
  const both = [author, reader].toSorted((one, two) => (one.id < two.id ? -1 : 1));
  const whole = { seq: 2, lagOps: 0, connected: true, kind: PeerKind.REPLICA };
  await expect.poll(followers, patient).toEqual(both.map(({ name }) => ({ name, ...whole })));
  other.leave();
  await other.ended;
  await expect.poll(followers, patient).toEqual([{ name: author.name, ...whole }]);
});

test("a hub that is away is named with its lease, its lag and how long that is", async () => {
  const stream = streamOf("leased");
  const child = await registeredNode(local.hub);
  const spoke = await spokeAt(await joinNode(local.hub), stream);
  await write(spoke, stream, "a", "b", "c");
  await rowsOf(
    local.url,
    `insert into sync_lease (tenant_id, stream_id, peer, seq, until_ms, renewed_ms)
     select 'main', stream_id, '${child.id}', 1, 9999999999999, 0 from sync_stream
     where collection = 'leased'`,
  );
  const { streams } = await owner().listStreams({ collection: "leased" });
  const [follower] = streams[0]?.followers ?? [];
  expect(follower).toMatchObject({ name: child.name, kind: PeerKind.CHILD, connected: false });
  expect(follower).toMatchObject({ seq: 1, lagOps: 2 });
  expect(follower?.lagMs).toBeGreaterThanOrEqual(0n);
  expect(follower?.leaseExpireTime).toBeDefined();
});

test("who watches hears all streams first, then those that change and no others", async () => {
  const [one, two] = [streamOf("watched"), partOf(streamOf("watched"), "two")];
  const quiet = partOf(streamOf("watched"), "quiet");
  const sleeper = await spokeAt(await joinNode(local.hub), quiet);
  await write(sleeper, quiet, "a");
  sleeper.leave();
  await sleeper.ended;
  const spoke = await spokeAt(await joinNode(local.hub), one);
  await write(spoke, one, "a");
  const watch = watched(personOf(Role.OBSERVER), "watched");
  await expect.poll(() => watch.items.length, patient).toBe(1);
  expect(watch.items[0]).toMatchObject({ complete: true, streams: [{ head: 1 }, { head: 1 }] });
  await write(spoke, one, "b");
  await expect.poll(() => watch.last(one)?.head, patient).toBe(2);
  await write(await spokeAt(await joinNode(local.hub), two), two, "c");
  await expect.poll(() => watch.last(two)?.head, patient).toBe(1);
  const later = watch.items.slice(1);
  expect(later.every(({ complete }) => !complete)).toBe(true);
  const parts = later.flatMap(({ streams }) => streams.map(({ stream }) => stream?.partition));
  expect(parts).not.toContain("quiet");
  watch.stop();
  await watch.ended;
});

test("many writes are told together, at most about twice a second", async () => {
  const stream = streamOf("busy");
  const spoke = await spokeAt(await joinNode(local.hub), stream);
  await write(spoke, stream, "first");
  const watch = watched(personOf(Role.OBSERVER), "busy");
  await expect.poll(() => watch.items.length, patient).toBe(1);
  const startMs = performance.now();
  for (let at = 0; at < 100; at++) await write(spoke, stream, `r${at}`);
  await expect.poll(() => watch.last(stream)?.head, patient).toBe(101);
  const tookMs = performance.now() - startMs;
  expect(watch.items.length - 1).toBeLessThanOrEqual(2 + tookMs / 500);
});

test("a reader who takes nothing for a while is told how it is, not how it was", async () => {
  const stream = streamOf("slow");
  const spoke = await spokeAt(await joinNode(local.hub), stream);
  await write(spoke, stream, "a");
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const request = { collection: "slow" };
  const items = as(personOf(Role.OBSERVER)).watchStreams(request, { signal: stop.signal });
  const slow = items[Symbol.asyncIterator]();
  const first = await slow.next();
  expect(first.value).toMatchObject({ complete: true, streams: [{ head: 1 }] });
  const quick = watched(personOf(Role.OBSERVER), "slow");
  for (const record of ["b", "c", "d"]) {
    await write(spoke, stream, record);
    await expect.poll(() => quick.last(stream)?.head, patient).toBe(spoke.hold(stream).ackedCtr);
  }
  const next = await slow.next();
  expect(next.value).toMatchObject({ streams: [{ head: 4 }] });
});

test("who is granted other zones is told all anew, of those alone", async () => {
  const [world, eu] = [streamOf("moved"), streamOf("moved", { zone: "eu" })];
  const author = await joinNode(local.hub);
  for (const stream of [world, eu]) await write(await spokeAt(author, stream), stream, "r");
  const node = await registeredNode(local.hub);
  const watch = watched(node.caller, "moved");
  await expect.poll(() => watch.told().length, patient).toBe(2);
  const request = { requestId: randomUUID(), node: node.id, zones: ["world"] };
  await owner().setGrant(request);
  await expect.poll(() => watch.items.at(-1)?.complete, patient).toBe(true);
  await expect.poll(() => watch.items.filter(({ complete }) => complete).length, patient).toBe(2);
  const [last] = watch.items.slice(-1);
  expect(last?.streams.map(({ stream }) => stream?.zone)).toEqual(["world"]);
});

test("nothing of another tenant's is watched", async () => {
  const stream = streamOf("walled");
  await write(await spokeAt(await joinNode(local.hub), stream), stream, "a");
  const watch = watched(strangerNode());
  await expect.poll(() => watch.items.length, patient).toBe(1);
  expect(watch.items[0]).toMatchObject({ complete: true, streams: [] });
});
