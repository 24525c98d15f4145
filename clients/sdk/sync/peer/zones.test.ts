import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { membershipMs } from "@foedus/kernel/sync/membership.ts";
import { beforeEach, expect, test } from "vitest";
import {
  chainOf,
  hubKey,
  peer,
  startMs,
  stream,
  time,
  vouch,
} from "../../../../tests/support/peers.sync.ts";

beforeEach(() => (time.nowMs = startMs));

const files = stream("files", "eu");

/** A node that stood in two zones, and the hub's later word that it stands in one. */
function narrowed() {
  const node = peer("b", { zones: ["world", "eu"], streams: [files] });
  const { nodeId, replica, identity, membership: wide } = node;
  const said = { nodeId, tenant: "main", zones: ["world"], replicas: [replica] };
  const expireTime = timestampFromMs(startMs + membershipMs + 1);
  return { node, wide, narrow: vouch(hubKey, { ...said, expireTime }, identity) };
}

test("an older membership that is still good stands where the newest one that is known says", () => {
  const { node, wide, narrow } = narrowed();
  const here = peer("a", { zones: ["world", "eu"], streams: [files] });
  const zones = () => [...here.desk.partner(wide, node).zones];
  expect(zones()).toEqual(["world", "eu"]);
  here.circle.require(narrow);
  expect(zones()).toEqual(["world"]);
  // And one that has never seen the older one as well.
  const other = peer("c", { zones: ["world", "eu"], streams: [files] });
  other.circle.require(narrow);
  expect([...other.desk.partner(wide, node).zones]).toEqual(["world"]);
});

test("what it wrote where it stands no longer is not taken by its older membership", async () => {
  const { node, wide, narrow } = narrowed();
  const here = peer("a", { zones: ["world", "eu"], streams: [files] });
  const carrier = peer("c", { zones: ["world", "eu"], streams: [files] });
  node.write("late", files);
  const said = await node.desk.request(node.desk.partner(carrier.membership, carrier), []);
  const ask = await carrier.desk.request(carrier.desk.partner(wide, node), said.standings);
  const { carried } = await node.desk.answer(ask, chainOf(carrier));
  expect(carried).toHaveLength(1);
  here.circle.require(narrow);
  const brought = here.desk.take(here.desk.partner(carrier.membership, carrier), carried);
  expect(brought).toEqual({ ops: 0, problems: ["its zone eu is not of all who had it"] });
});
