import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  FollowerSchema,
  PeerKind,
  StreamStatusSchema,
} from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { expect, test } from "vitest";
import { followed } from "./status.ts";

type Init = MessageInitShape<typeof FollowerSchema>;
const follower = (id: string, kind: PeerKind, rest: Init = {}) =>
  create(FollowerSchema, { id, kind, ...rest });
const status = (...followers: ReturnType<typeof follower>[]) =>
  create(StreamStatusSchema, { followers });
const until = { leaseExpireTime: { seconds: 9n, nanos: 0 } };

test("who is connected counts as their session says, with the end of their lease", () => {
  const lease = follower("edge", PeerKind.CHILD, { seq: 3, lagOps: 7, ...until });
  const live = follower("edge", PeerKind.CHILD, { seq: 10, connected: true });
  const { followers } = followed(status(lease), [live], new Map());
  expect(followers).toMatchObject([{ id: "edge", seq: 10, lagOps: 0, connected: true, ...until }]);
});

test("a hub that is away stays, by its lease", () => {
  const lease = follower("edge", PeerKind.CHILD, { seq: 3, lagOps: 7, ...until });
  const { followers } = followed(status(lease), [], new Map([["edge", "Edge One"]]));
  expect(followers).toMatchObject([{ name: "Edge One", lagOps: 7, connected: false, ...until }]);
});

test("the parent comes first, then hubs below, then replicas, each by id", () => {
  const live = [
    follower("b", PeerKind.REPLICA),
    follower("a", PeerKind.REPLICA),
    follower("z", PeerKind.CHILD),
    follower("parent", PeerKind.PARENT, { name: "global" }),
  ];
  const { followers } = followed(status(), live, new Map([["parent", "another"]]));
  expect(followers.map(({ id }) => id)).toEqual(["parent", "z", "a", "b"]);
  expect(followers[0]?.name).toBe("global");
});

test("of more than a hundred replicas those are named that lack most, and all are counted", () => {
  const live = Array.from({ length: 101 }, (_, at) =>
    follower(`r${at}`, PeerKind.REPLICA, { lagOps: at === 50 ? 0 : 1 }),
  );
  const hub = follower("edge", PeerKind.CHILD);
  const { followers, followerCount } = followed(status(hub), live, new Map());
  expect(followerCount).toBe(102);
  expect(followers).toHaveLength(101);
  expect(followers.map(({ id }) => id)).not.toContain("r50");
  expect(followers[0]?.id).toBe("edge");
});
