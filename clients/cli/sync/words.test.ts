import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { FollowerSchema, PeerKind } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { expect, test } from "vitest";
import { digestText, followerText, lagText, valueText } from "./words.ts";

type Init = MessageInitShape<typeof FollowerSchema>;
const follower = (init: Init) => create(FollowerSchema, { id: "node_1", connected: true, ...init });

const lags: readonly (readonly [Init, object])[] = [
  [{}, { text: "none", tone: "good" }],
  [
    { lagOps: 1, lagMs: 0n },
    { text: "1 op", tone: "warn" },
  ],
  [
    { lagOps: 24, lagMs: 3_200n },
    { text: "24 ops, 3 s", tone: "warn" },
  ],
  [{ connected: false }, { text: "away", tone: "warn" }],
  [{ connected: false, lagOps: 2, lagMs: 90_000n }, { text: "away, 2 ops, 1 min 30 s" }],
  [{ refusal: Refusal.ZONE }, { tone: "bad" }],
];

test("what somebody lacks is said in places and time, unless they get nothing", () => {
  for (const [init, said] of lags) expect(lagText(follower(init))).toMatchObject(said);
});

test("a follower is called by its name, and a hub is said to be one", () => {
  expect(followerText(follower({ name: "cam-1", kind: PeerKind.REPLICA }))).toBe("cam-1");
  expect(followerText(follower({ kind: PeerKind.REPLICA }))).toBe("node_1");
  expect(followerText(follower({ name: "edge", kind: PeerKind.CHILD }))).toBe("edge, a hub below");
  const above = { id: "parent", kind: PeerKind.PARENT };
  expect(followerText(follower(above))).toBe("the hub above");
  expect(followerText(follower({ ...above, name: "global" }))).toBe("global, the hub above");
});

test("a digest is twelve digits, however small it is", () => {
  expect(digestText(0)).toBe("0000-0000-0000");
  expect(digestText(2 ** 48 - 1)).toBe("ffff-ffff-ffff");
});

test("a value is text where it is text, and bytes where it is not", () => {
  expect(valueText(new TextEncoder().encode('say "hi"\n'))).toBe('say "hi"\n');
  expect(valueText(Uint8Array.of(0xff, 1))).toBe("2 bytes: ff01");
  expect(valueText(new Uint8Array())).toEqual({ text: "empty", tone: "dim" });
  expect(valueText(new TextEncoder().encode("a".repeat(61)))).toBe(`${"a".repeat(60)}…`);
});
