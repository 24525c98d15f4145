import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import { batchOf, newSigner, run } from "../../../tests/support/publication.ts";
import { Refusals, refusedNodesMax } from "./refused.ts";

const signer = newSigner();
const tenant = tenantProved("main");
const place = { source: signer.source, stream: "main", epoch: 7n, first: 1n };
const batch = batchOf(signer, run(place, 3));
const forged = new Fault(Reason.EVENT_SIGNATURE_INVALID, { events: 3 });

function refusedOf(nodeId: string, times: number, refusals = new Refusals()): Refusals {
  for (let at = 0; at < times; at += 1) refusals.count({ tenant, nodeId }, forged, batch);
  return refusals;
}

test("a thousand refusals of a node are one sum", () => {
  const [sum, ...others] = refusedOf("node_a", 1_000).take();
  expect(sum).toMatchObject({ nodeId: "node_a", batches: 1_000, events: 3_000 });
  expect(sum?.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(others).toEqual([]);
});

test("what was taken is gone, and what could not be told is counted in again", () => {
  const refusals = refusedOf("node_a", 2);
  const taken = refusals.take();
  expect(refusals.take()).toEqual([]);
  refusedOf("node_a", 1, refusals).putBack(taken);
  expect(refusals.take()).toMatchObject([{ nodeId: "node_a", batches: 3, events: 9 }]);
});

test("an honest mistake is no breach", () => {
  const refusals = new Refusals();
  for (const reason of [Reason.EVENT_TIME_REFUSED, Reason.EVENT_EPOCH_OLD, Reason.SHED]) {
    refusals.count({ tenant, nodeId: "node_a" }, new Fault(reason), batch);
  }
  expect(refusals.take()).toEqual([]);
});

test("so many nodes are counted at once, and one more is not; their sums grow on", () => {
  const refusals = new Refusals();
  for (let at = 0; at <= refusedNodesMax; at += 1) refusedOf(`node_${at}`, 1, refusals);
  refusedOf("node_0", 1, refusals);
  const taken = refusals.take();
  expect(taken).toHaveLength(refusedNodesMax);
  expect(taken[0]).toMatchObject({ nodeId: "node_0", batches: 2 });
});
