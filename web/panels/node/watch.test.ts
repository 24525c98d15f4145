import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { WatchNodesResponseSchema } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { expect, test } from "vitest";
import { unwatched, type Watch, watched } from "./watch.ts";

type Item = MessageInitShape<typeof WatchNodesResponseSchema>["item"];

function after(items: Item[], from: Watch = unwatched): Watch {
  return items.reduce(
    (watch, item) => watched(watch, create(WatchNodesResponseSchema, { item })),
    from,
  );
}

const first: Item = {
  case: "snapshot",
  value: { nodes: [{ id: "node_a" }, { id: "node_b" }], last: false },
};
const last: Item = {
  case: "snapshot",
  value: { nodes: [{ id: "node_c" }], last: true, cursor: 7n },
};

test("a snapshot counts once its last part is here", () => {
  expect(after([first])).toMatchObject({ complete: false, cursor: undefined });
  const watch = after([first, last]);
  expect([...watch.nodes.keys()]).toEqual(["node_a", "node_b", "node_c"]);
  expect(watch).toMatchObject({ complete: true, cursor: 7n, arriving: undefined });
});

test("a change replaces the node and moves the cursor", () => {
  const node = { id: "node_a", state: NodeState.OFFLINE };
  const watch = after([first, last, { case: "changed", value: { node, cursor: 8n } }]);
  expect(watch.nodes.get("node_a")?.state).toBe(NodeState.OFFLINE);
  expect(watch.cursor).toBe(8n);
});

test("a heartbeat touches what was measured and nothing else", () => {
  const pulses = [{ nodeId: "node_a", lastSeenMs: 5_000n, skewMs: -3n }, { nodeId: "node_x" }];
  const watch = after([first, last, { case: "pulses", value: { pulses } }]);
  const seen = watch.nodes.get("node_a")?.lastSeenTime;
  expect(seen && timestampMs(seen)).toBe(5_000);
  expect(watch.nodes.get("node_a")?.roundTripUs).toBeUndefined();
  expect(watch.pulse).toEqual({ turn: 1, ids: ["node_a"] });
  expect(watch.nodes.has("node_x")).toBe(false);
});

test("a gap is kept as a gap, and the next snapshot replaces what went before", () => {
  const gap: Item = { case: "gap", value: { fromCursor: 8n, toCursor: 20n, reason: "retention" } };
  const lost = after([first, last, gap]);
  expect(lost).toMatchObject({ cursor: undefined, gaps: [{ from: 8n, to: 20n }] });
  const again = after([{ case: "snapshot", value: { nodes: [], last: true, cursor: 20n } }], lost);
  expect(again.nodes.size).toBe(0);
});
