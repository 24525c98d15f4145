import { toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { ExchangeRequestSchema, type Carried } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { Kind } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { newSigningKey } from "@foedus/kernel/signing.ts";
import { membershipMs } from "@foedus/kernel/sync/membership.ts";
import { encodeOp } from "@foedus/kernel/sync/op.ts";
import { signSegment } from "@foedus/kernel/sync/segment.ts";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import {
  chainOf,
  circleOf,
  hubKey,
  meet,
  notes,
  peer,
  startMs,
  stream,
  time,
  vouch,
  type TestPeer,
} from "../../../../tests/support/peers.sync.ts";
import { messageBytesMax } from "./limits.ts";

beforeEach(() => (time.nowMs = startMs));

/** What one would bring another. */
async function broughtBy(giver: TestPeer, taker: TestPeer): Promise<Carried[]> {
  const partner = taker.desk.partner(giver.membership, giver);
  const { standings } = await giver.desk.request(giver.desk.partner(taker.membership, taker), []);
  const ask = await taker.desk.request(partner, standings);
  return (await giver.desk.answer(ask, chainOf(taker))).carried;
}

function take(taker: TestPeer, giver: TestPeer, carried: readonly Carried[]) {
  return taker.desk.take(taker.desk.partner(giver.membership, giver), carried);
}

test("who asks gets what it lacks and brings what the other lacks, at once shown", async () => {
  const [one, other] = [peer("a"), peer("b")];
  one.write("a1");
  one.write("a2");
  other.write("b1");
  expect(await meet(one, other)).toEqual({ ops: 3 });
  expect(one.read()).toEqual(["a1", "a2", "b1"]);
  expect(other.read()).toEqual(["a1", "a2", "b1"]);
  expect(await meet(other, one)).toEqual({ ops: 0 });
  one.write("a3");
  expect(await meet(other, one)).toEqual({ ops: 1 });
});

test("a third one carries what two who never meet have written", async () => {
  const [one, carrier, other] = [peer("a"), peer("b"), peer("c")];
  one.write("a1");
  other.write("c1");
  await meet(carrier, one);
  await meet(other, carrier);
  await meet(one, carrier);
  for (const each of [one, carrier, other]) expect(each.read()).toEqual(["a1", "c1"]);
});

test("however nodes meet, all have all in the end, and nothing goes over twice", async () => {
  const names = ["a", "b", "c", "d"];
  const act = fc.record({ who: fc.nat(3), whom: fc.nat(3), writes: fc.nat(70) });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
      const peers = names.map((name) => peer(name));
      const at = (index: number) => peers[index] ?? peer("none");
      let [written, carried] = [0, 0];
      for (const { who, whom, writes } of acts) {
        for (let n = 0; n < writes; n += 1) at(who).write(`${who}-${(written += 1)}`);
        if (who !== whom) carried += (await meet(at(who), at(whom))).ops;
      }
      // A ring, twice around: then everybody has heard of everybody.
      for (const index of [0, 1, 2, 3, 0, 1, 2, 3]) {
        carried += (await meet(at(index), at((index + 1) % 4))).ops;
      }
      const all = at(0).read();
      expect(all).toHaveLength(written);
      for (const each of peers) expect(each.read()).toEqual(all);
      expect(carried).toBe(written * 3);
    }),
    { numRuns: 20 },
  );
});

test("no word of a stream reaches a node outside of its zone, in either direction", async () => {
  const files = stream("files", "eu");
  const streams = [notes, files];
  const inside = peer("a", { zones: ["world", "eu"], streams });
  const outside = peer("b", { zones: ["world"], streams: [notes] });
  inside.write("open");
  inside.write("secret", files);
  const said = await inside.desk.request(inside.desk.partner(outside.membership, outside), []);
  expect(said.standings.map((one) => one.stream?.zone)).toEqual(["world"]);
  await meet(outside, inside);
  expect(outside.read()).toEqual(["open"]);
  // One that claims to follow it all the same is given nothing, and nothing is taken from it.
  const bold = peer("c", { zones: ["world"], streams });
  const asked = await inside.desk.request(inside.desk.partner(bold.membership, bold), [
    { $typeName: "foedus.sync.v1.PeerStanding", stream: files, ctrs: { [inside.replica]: 0 } },
  ]);
  expect(asked.carried).toEqual([]);
  const subject = { tenant: "main", stream: files, replica: bold.replica, nodeId: "c", ctrFrom: 1 };
  const op = encodeOp({ kind: Kind.APPEND });
  const segment = signSegment(bold.identity, subject, [op]);
  const brought = carriedOf({ segment, author: bold.membership, ops: [op] });
  expect(take(inside, bold, [brought]).problems).toEqual(["its zone eu is not of all who had it"]);
  // Nor by way of one who stands in it: the author itself must.
  const friend = peer("d", { zones: ["world", "eu"], streams });
  expect(take(inside, friend, [brought]).ops).toBe(0);
  // And who does not stand in it has nothing to bring of it, whoever wrote it.
  friend.write("leaked", files);
  const [leaked] = await broughtBy(friend, peer("e", { zones: ["eu"], streams: [files] }));
  if (leaked === undefined) throw new Error("it brings nothing");
  expect(take(inside, bold, [leaked]).ops).toBe(0);
  expect(take(inside, friend, [leaked]).ops).toBe(1);
});

function carriedOf(parts: Pick<Carried, "segment" | "author" | "ops">, ctrFrom = 1): Carried {
  return { $typeName: "foedus.sync.v1.Carried", ctrFrom, ...parts };
}

test("a carrier that alters, swaps, cuts or renumbers what it carries is not believed", async () => {
  const [author, carrier, taker] = [peer("a"), peer("b"), peer("c")];
  for (const text of ["one", "two", "three"]) author.write(text);
  await meet(carrier, author);
  const [brought] = await broughtBy(carrier, taker);
  const [one, two, three] = brought?.ops ?? [];
  if (!brought?.segment || !one || !two || !three) throw new Error("it brings nothing");
  const other = encodeOp({ kind: Kind.APPEND, body: new TextEncoder().encode("four") });
  const { header, signature } = brought.segment;
  const hostile: Carried[] = [
    { ...brought, ops: [one, other, three] },
    { ...brought, ops: [two, one, three] },
    { ...brought, ops: [one, two, three, other] },
    { ...brought, ops: [] },
    { ...brought, ctrFrom: 2 },
    { ...brought, segment: { ...brought.segment, header: header.slice(0, -18) } },
    { ...brought, segment: { ...brought.segment, signature: signature.toReversed() } },
    { ...brought, author: carrier.membership },
    carriedOf({ author: brought.author, ops: [one] }),
  ];
  for (const each of hostile) {
    const { ops, problems } = take(taker, carrier, [each]);
    expect([ops, problems.length]).toEqual([0, 1]);
  }
  expect(taker.read()).toEqual([]);
  expect(take(taker, carrier, [brought])).toEqual({ ops: 3, problems: [] });
  // Again, and in part, is harmless.
  const part = { ...brought, ctrFrom: 2, ops: [two, three] };
  expect(take(taker, carrier, [brought, part])).toEqual({ ops: 0, problems: [] });
  expect(taker.read()).toEqual(["one", "three", "two"]);
});

test("a node does not write with another's key, whatever it signs", async () => {
  const [author, thief, taker] = [peer("a"), peer("m"), peer("c")];
  author.write("mine");
  await meet(taker, author);
  const forge = (replica: string, ctrFrom: number, nodeId = "m") => {
    const op = encodeOp({ kind: Kind.APPEND, body: new TextEncoder().encode("theirs") });
    const subject = { tenant: "main", stream: notes, replica, nodeId, ctrFrom };
    const segment = signSegment(thief.identity, subject, [op]);
    return carriedOf({ segment, author: thief.membership, ops: [op] }, ctrFrom);
  };
  const another = "its author writes with the key of another";
  expect(take(taker, thief, [forge(author.replica, 2)]).problems).toEqual([another]);
  expect(take(taker, thief, [forge(taker.replica, 1)]).problems).toEqual([another]);
  expect(take(taker, thief, [forge(author.replica, 2, "a")]).problems).toEqual([
    "its author is not who signed it",
  ]);
  // Nor with that of one who has brought nothing yet, and whom a hub has told of.
  const absent = peer("d");
  expect(take(taker, thief, [forge(absent.replica, 1)]).ops).toBe(1);
  const told = peer("e");
  told.circle.require(absent.membership);
  expect(take(told, thief, [forge(absent.replica, 1)]).problems).toEqual([another]);
});

test("of a key that no hub has named, who signed with it first is the owner here", async () => {
  const author = peer("a", { said: { replicas: [] } });
  const [thief, taker] = [peer("m"), peer("c")];
  author.write("mine");
  await meet(taker, author);
  const op = encodeOp({ kind: Kind.APPEND });
  const subject = { tenant: "main", stream: notes, replica: author.replica, ctrFrom: 2 };
  const segment = signSegment(thief.identity, { ...subject, nodeId: "m" }, [op]);
  const forged = carriedOf({ segment, author: thief.membership, ops: [op] }, 2);
  expect(take(taker, thief, [forged])).toMatchObject({ ops: 0 });
  // Nor in one breath with the true one.
  const other = peer("e");
  const [true1] = await broughtBy(author, other);
  if (true1 === undefined) throw new Error("it brings nothing");
  expect(take(other, thief, [true1, forged])).toMatchObject({
    ops: 1,
    problems: ["its author writes with the key of another"],
  });
  author.write("mine too");
  expect(await meet(author, taker)).toEqual({ ops: 1 });
});

const refusals: Record<string, [() => TestPeer, string]> = {
  "another tenant": [() => peer("x", { tenant: "other" }), "of the tenant other"],
  "another hub's": [() => peer("x", { hub: newSigningKey() }), "no hub that is known here"],
  "another domain": [() => peer("x", { said: { trustDomain: "else" } }), "of the domain else"],
  "an ended one": [
    () => peer("x", { said: { expireTime: timestampFromMs(startMs) } }),
    "its membership ended",
  ],
  "another node's": [() => peer("x", { said: { nodeId: "y" } }), "shows the membership of y"],
};

test.each(Object.entries(refusals))("a membership that is %s admits nobody", async (_, wrong) => {
  const [make, why] = wrong;
  const [stranger, taker] = [make(), peer("c")];
  taker.write("secret");
  const partner = {
    member: taker.desk.partner(taker.membership, taker).member,
    zones: new Set<string>(),
  };
  const request = await taker.desk.request(partner, []);
  const shown = { ...request, membership: stranger.membership };
  await expect(taker.desk.answer(shown, { ...chainOf(taker), nodeId: "x" })).rejects.toThrow(why);
  expect(() => taker.desk.partner(stranger.membership, { nodeId: "x" })).toThrow(why);
});

test("an author whose membership ended, or whom another hub vouched for, is not carried", async () => {
  const [author, carrier, taker] = [peer("a"), peer("b"), peer("c")];
  author.write("one");
  await meet(carrier, author);
  const [brought] = await broughtBy(carrier, taker);
  if (brought === undefined) throw new Error("it brings nothing");
  const { identity } = author;
  const said = { nodeId: "a", tenant: "main", zones: ["world"], replicas: [] };
  const forged = { ...brought, author: vouch(newSigningKey(), said, identity) };
  expect(take(taker, carrier, [forged]).problems[0]).toContain("of its author: no hub");
  const ended = { ...said, expireTime: timestampFromMs(startMs - 1) };
  const late = { ...brought, author: vouch(hubKey, ended, identity) };
  expect(take(taker, carrier, [late]).problems[0]).toContain("of its author: its membership ended");
  expect(take(taker, carrier, [brought]).ops).toBe(1);
});

test("a node that no hub has vouched for in an hour neither asks nor answers", async () => {
  const [one, other] = [peer("a"), peer("b")];
  time.nowMs += membershipMs - 1;
  await meet(one, other);
  time.nowMs += 1;
  await expect(meet(one, other)).rejects.toThrow("its membership ended");
});

test("what no hub would take stops nothing before it and nobody else", async () => {
  const [author, other, taker] = [peer("a"), peer("b"), peer("c")];
  const subject = {
    tenant: "main",
    stream: notes,
    replica: author.replica,
    nodeId: "a",
    ctrFrom: 1,
  };
  const good = encodeOp({ kind: Kind.APPEND, body: new TextEncoder().encode("good") });
  const early = encodeOp({ kind: Kind.APPEND, hlcMs: startMs + 60_001 });
  for (const bad of [Uint8Array.of(255), early, encodeOp({ kind: 99 as Kind })]) {
    const ops = [good, bad, good];
    const brought = { segment: signSegment(author.identity, subject, ops), ops };
    const carried = carriedOf({ ...brought, author: author.membership });
    take(taker, author, [carried]);
    expect(taker.read()).toEqual(["good"]);
  }
  other.write("b1");
  await meet(taker, other);
  expect(taker.read()).toEqual(["b1", "good"]);
});

test("a request that says more than it may is refused whole", async () => {
  const [one, other] = [peer("a"), peer("b")];
  const request = await one.desk.request(one.desk.partner(other.membership, other), []);
  const [standing] = request.standings;
  if (standing === undefined) throw new Error("it says nothing");
  const ctrs = (count: number) => {
    return Object.fromEntries(Array.from({ length: count }, (_, at) => [`r${at}`, 0]));
  };
  const asked = (more: object) => other.desk.answer({ ...request, ...more }, chainOf(one));
  const much = "more at once than it may";
  const standings = (count: number) => ({
    standings: Array.from({ length: count }, () => standing),
  });
  await asked(standings(256));
  await expect(asked(standings(257))).rejects.toThrow(much);
  await asked({ standings: [{ ...standing, ctrs: ctrs(1024) }] });
  await expect(asked({ standings: [{ ...standing, ctrs: ctrs(1025) }] })).rejects.toThrow(much);
});

test("who is called on learns where the caller listens, if that is an address", async () => {
  const [one, other] = [peer("a"), peer("b")];
  for (const address of ["", "nowhere", "http://host:1", "a b:1", `${"h".repeat(300)}:1`]) {
    one.desk.address = address;
    await meet(one, other);
    expect(other.circle.peers()).toEqual([]);
  }
  one.desk.address = "one.test:7500";
  await meet(one, other);
  expect(other.circle.peers()).toMatchObject([
    { address: "one.test:7500", member: { nodeId: "a" } },
  ]);
  await other.circle.save();
  const again = circleOf("b", "main", hubKey, other.kept);
  await again.load();
  expect(again.peers()).toHaveLength(1);
  expect(again.own().signed).toEqual(other.membership);
  time.nowMs += membershipMs;
  expect(again.peers()).toEqual([]);
});

test("what is said of very many replicas and large ops leaves a message within its bounds", async () => {
  const streams = Array.from({ length: 20 }, (_, at) => stream(`notes${at}`, "world"));
  const [one, other] = [peer("a", { streams }), peer("b", { streams })];
  const replicas = Array.from({ length: 1_000 }, (_, at) => `replica-of-somebody-${at}`);
  for (const hold of one.state.holds.values()) {
    for (const replica of replicas) hold.carried.set(replica, 1);
  }
  for (let n = 0; n < 20; n += 1) one.write("x".repeat(60_000), streams[0]);
  const lacks = { $typeName: "foedus.sync.v1.PeerStanding" as const, ctrs: { [one.replica]: 0 } };
  const theirs = streams.slice(0, 1).map((first) => ({ ...lacks, stream: first }));
  const partner = one.desk.partner(other.membership, other);
  const said = await one.desk.request(partner, theirs);
  const told = said.standings.reduce((sum, { ctrs }) => sum + Object.keys(ctrs).length, 0);
  expect(told).toBe(4_096);
  expect(said.carried.length).toBeGreaterThan(0);
  expect(toBinary(ExchangeRequestSchema, said).length).toBeLessThan(messageBytesMax);
});
