import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { create } from "@bufbuild/protobuf";
import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { AttemptSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { submitterAbove } from "@foedus/kernel/task/relay.ts";
import { expect, test } from "vitest";
import { parentUses, type ParentWord, parentWordOf, partOf } from "./parent-use.ts";

test("each use of the parent has its word, and an unknown one is none", () => {
  for (const [word, { use }] of Object.entries(parentUses)) expect(parentWordOf(use)).toBe(word);
  const uses = Object.values(ParentUse).filter((use) => typeof use === "number");
  expect(uses.map((use) => parentUses[parentWordOf(use)].use)).toEqual(uses);
  expect(parentWordOf(99 as ParentUse)).toBe("off" satisfies ParentWord);
  expect(parentWordOf()).toBe("off");
});

const hub = { nodeId: "hub_01", worker: "parent", number: 1 };
const ended = timestampFromMs(1);
const partWith = (attempt: object, more: object = {}) =>
  partOf({ submitter: "node_1", attempt: create(AttemptSchema, attempt), ...more });

test("a task says whose it is: held for the parent, handed up, or this hub's alone", () => {
  expect(partOf({ submitter: submitterAbove("task_1") })).toBe("Held for the parent");
  expect(partWith(hub)).toBe("Handed up to the parent");
  expect(partWith({ ...hub, endTime: ended }, { endTime: ended })).toBe("Done by the parent");
  expect(partOf({ submitter: "node_1" })).toBeUndefined();
});

test("what the parent gave back, and a worker that is only called so, are this hub's alone", () => {
  expect(partWith({ ...hub, endTime: ended })).toBeUndefined();
  expect(partWith({ ...hub, nodeId: "node_1" })).toBeUndefined();
});
