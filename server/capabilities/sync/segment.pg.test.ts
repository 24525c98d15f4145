import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { PushSchema, type Push } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, Refusal, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { encodeOp } from "@foedus/kernel/sync/op.ts";
import { signSegment, type SegmentSubject } from "@foedus/kernel/sync/segment.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { beforeAll, expect, test } from "vitest";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { joinNode, personOf, type JoinedNode } from "../../../tests/support/joined.ts";
import { peerStore } from "./peer.store.ts";
import { openSegments, type Segments } from "./segment.rpc.ts";

const main = tenantProved("main");
const local = sharedHub({ zones: "world,eu" });
let judge: Segments;

beforeAll(() => {
  judge = openSegments(local.hub, peerStore(local.hub.storage));
});

const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 2 });
const ops = [1, 2, 3].map((byte) => encodeOp({ kind: Kind.APPEND, body: Uint8Array.of(byte) }));
let replicas = 0;
const newKey = () => `minute-${++replicas}`;

/** What a carrier brings of the author's, as it should be. */
function pushOf({ id, key }: JoinedNode, replica: string, other: Partial<SegmentSubject> = {}) {
  const subject = { tenant: "main", stream, replica, nodeId: id, ctrFrom: 1, ...other };
  const segments = [signSegment(key, subject, ops)];
  return create(PushSchema, { stream, replica, ctrFrom: 1, ops, segments });
}

const refusalOf = (push: Push, ownerId = "carrier") => judge(main, push, ownerId);

async function bind(replica: string, ownerId: string) {
  await local.hub.storage.tenant(main, async (tx) => {
    await sql`insert into sync_writer (tenant_id, replica, owner_id, bind_ms)
      values (${main}, ${replica}, ${ownerId}, 0)`.execute(tx.sql);
  });
}

async function ownerOf(replica: string) {
  return (await peerStore(local.hub.storage).authorship(main, replica, "")).ownerId;
}

test("another's ops are taken with the signature of whom the key belongs to", async () => {
  const author = await joinNode(local.hub);
  const replica = newKey();
  await bind(replica, author.id);
  const push = pushOf(author, replica);
  expect(await refusalOf(push)).toBe(Refusal.UNSPECIFIED);
  // Any part of them, and again.
  const part = create(PushSchema, { ...push, ctrFrom: 2, ops: ops.slice(1) });
  expect(await refusalOf(part)).toBe(Refusal.UNSPECIFIED);
  expect(await refusalOf(push)).toBe(Refusal.UNSPECIFIED);
});

test("a key that nobody opened a session with belongs to the node that signed", async () => {
  const [author, other] = [await joinNode(local.hub), await joinNode(local.hub)];
  const replica = newKey();
  expect(await refusalOf(pushOf(author, replica))).toBe(Refusal.UNSPECIFIED);
  expect(await ownerOf(replica)).toBe(author.id);
  expect(await refusalOf(pushOf(other, replica))).toBe(Refusal.SIGNATURE);
});

test("of two who claim a new key at the same time one gets it", async () => {
  const nodes = [await joinNode(local.hub), await joinNode(local.hub)];
  const replica = newKey();
  const answers = await Promise.all(nodes.map((node) => refusalOf(pushOf(node, replica))));
  expect(new Set(answers)).toEqual(new Set([Refusal.UNSPECIFIED, Refusal.SIGNATURE]));
});

test("what the owner of a key brings through another session needs no signature", async () => {
  const node = await joinNode(local.hub);
  const replica = newKey();
  await bind(replica, node.id);
  const push = create(PushSchema, { stream, replica, ctrFrom: 1, ops });
  expect(await refusalOf(push, node.id)).toBe(Refusal.UNSPECIFIED);
  expect(await refusalOf(push)).toBe(Refusal.SIGNATURE);
});

test("what is signed for elsewhere, by somebody else, or altered on the way is refused", async () => {
  const [author, other] = [await joinNode(local.hub), await joinNode(local.hub)];
  const replica = newKey();
  await bind(replica, author.id);
  const push = pushOf(author, replica);
  const [one, two, three] = ops;
  if (!one || !two || !three) throw new Error("no ops");
  const altered = encodeOp({ kind: Kind.APPEND, body: Uint8Array.of(9) });
  const [segment] = push.segments;
  const bent = Uint8Array.from(segment?.signature ?? []);
  bent[0] = (bent[0] ?? 0) ^ 1;
  const withSegments = (...segments: Push["segments"]) => create(PushSchema, { ...push, segments });
  const hostile: Record<string, Push> = {
    "no segment": withSegments(),
    "an altered op": create(PushSchema, { ...push, ops: [one, altered, three] }),
    "ops in another order": create(PushSchema, { ...push, ops: [two, one, three] }),
    "one op more": create(PushSchema, { ...push, ops: [...ops, altered] }),
    "other numbers": create(PushSchema, { ...push, ctrFrom: 2 }),
    "another stream": create(PushSchema, { ...push, stream: { ...stream, collection: "books" } }),
    "another partition": create(PushSchema, { ...push, stream: { ...stream, partition: "p" } }),
    "another replica": create(PushSchema, { ...push, replica: newKey() }),
    "another tenant's": pushOf(author, replica, { tenant: "other" }),
    "another node's key": pushOf({ ...other, id: author.id }, replica),
    "another node's word": pushOf(other, replica),
    "a node nobody knows": pushOf({ ...author, id: "node_none" }, newKey()),
    "a bent signature": withSegments({ ...push.segments[0], signature: bent } as never),
    "cut bytes": withSegments({
      ...push.segments[0],
      header: segment?.header.slice(0, -1),
    } as never),
    "one that fits and one that does not": withSegments(
      ...push.segments,
      ...pushOf(author, replica, { tenant: "other" }).segments,
    ),
  };
  for (const [what, each] of Object.entries(hostile)) {
    expect([what, await refusalOf(each)]).toEqual([what, Refusal.SIGNATURE]);
  }
  expect(await refusalOf(push)).toBe(Refusal.UNSPECIFIED);
});

test("an author who was revoked or quarantined is not carried, at once", async () => {
  const owner = local.hub.calls.as(IdentityService, personOf(Role.ADMIN));
  const author = await joinNode(local.hub);
  const push = pushOf(author, newKey());
  expect(await refusalOf(push)).toBe(Refusal.UNSPECIFIED);
  const request = () => ({ requestId: randomUUID(), node: author.id, reason: "a test" });
  await owner.quarantineNode(request());
  expect(await refusalOf(push)).toBe(Refusal.SIGNATURE);
  await owner.releaseNode(request());
  expect(await refusalOf(push)).toBe(Refusal.UNSPECIFIED);
  await owner.revokeNode(request());
  expect(await refusalOf(push)).toBe(Refusal.SIGNATURE);
});

test("an author writes through others only what it may write itself", async () => {
  const reader = await joinNode(local.hub, Role.OBSERVER);
  expect(await refusalOf(pushOf(reader, newKey()))).toBe(Refusal.READ_ONLY);
  const author = await joinNode(local.hub);
  await local.hub.storage.tenant(main, async (tx) => {
    await sql`insert into sync_grant (tenant_id, node_id, zones, relays, change_ms)
      values (${main}, ${author.id}, ${["eu"]}::text[], false, 0)`.execute(tx.sql);
  });
  expect(await refusalOf(pushOf(author, newKey()))).toBe(Refusal.ZONE);
});
