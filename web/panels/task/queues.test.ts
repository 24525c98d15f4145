import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  QueueSchema,
  WatchQueuesResponseSchema,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { expect, test } from "vitest";
import { findQueues, queueSortIn, sortQueues } from "./queue-sort.ts";
import { noQueues, type Queues, queuesWith } from "./queues.ts";
import { standingOf } from "./standing.ts";

type Init = Exclude<MessageInitShape<typeof QueueSchema>, { $typeName: string }>;

function heard(queues: Queues, first: boolean, ...inits: Init[]): Queues {
  const response = create(WatchQueuesResponseSchema, { queues: inits });
  return queuesWith(queues, { response, first, nowMs: 1_000 });
}

const names = ({ rows }: Queues) => [...rows.keys()];
const standing = (init: Init) => standingOf(create(QueueSchema, init));

test("the first message has all queues: one that it leaves out is gone", () => {
  const before = heard(noQueues, true, { name: "mail" }, { name: "scan" });
  expect(before.complete).toBe(true);
  expect(names(heard(before, false, { name: "import" }))).toEqual(["mail", "scan", "import"]);
  expect(names(heard(before, true, { name: "scan" }))).toEqual(["scan"]);
});

test("a message that says nothing has nothing drawn", () => {
  const before = heard(noQueues, true, { name: "mail" });
  expect(heard(before, false)).toBe(before);
});

test("ready tasks that nobody can take stand out, and those that a pause keeps", () => {
  expect(standing({ ready: 3n })).toMatchObject({ word: "Nobody works", isStuck: true });
  expect(standing({ ready: 3n, workers: 1 })).toMatchObject({ isStuck: false });
  expect(standing({ ready: 3n, settings: { paused: true } })).toMatchObject({
    word: "Paused",
    isStuck: true,
  });
  expect(standing({ settings: { paused: true } })).toMatchObject({ isStuck: false });
});

test("dead letters bring a queue forward, behind those that stand still", () => {
  const [held, dead, busy] = [
    standing({ ready: 1n, settings: { paused: true } }),
    standing({ failed: 1n }),
    standing({ working: 1n, workers: 1 }),
  ];
  expect(held.rank).toBeLessThan(dead.rank);
  expect(dead.rank).toBeLessThan(busy.rank);
});

test("between two tasks that come one by one a queue is at work still", () => {
  expect(standing({ completedPerMinute: 0.2, workers: 1, room: 1 }).word).toBe("At work");
});

test("every way to stand has a word and a shape of its own", () => {
  const all = [
    standing({ ready: 1n, failed: 1n }),
    standing({ ready: 1n, workers: 1 }),
    standing({ ready: 1n, workers: 1, room: 1 }),
    standing({ settings: { paused: true } }),
    standing({ scheduled: 1n }),
    standing({}),
  ];
  expect(new Set(all.map(({ word }) => word)).size).toBe(all.length);
  expect(new Set(all.map(({ icon }) => icon)).size).toBe(all.length);
});

test("whoever needs somebody comes first, and what is equal stands by name", () => {
  const queues = heard(
    noQueues,
    true,
    { name: "idle" },
    { name: "b", ready: 1n },
    { name: "a", ready: 9n },
    { name: "busy", working: 1n, workers: 1 },
  );
  const sorted = sortQueues([...queues.rows.values()], queueSortIn());
  expect(sorted.map(({ name }) => name)).toEqual(["a", "b", "busy", "idle"]);
});

test("the oldest is first when the age is sorted downwards", () => {
  const at = (seconds: number) => ({ oldestReadyTime: { seconds: BigInt(seconds) } });
  const queues = heard(
    noQueues,
    true,
    { name: "none" },
    { name: "young", ...at(200) },
    { name: "old", ...at(100) },
  );
  const sorted = sortQueues([...queues.rows.values()], queueSortIn("-oldest"));
  expect(sorted.map(({ name }) => name)).toEqual(["old", "young", "none"]);
});

test("a queue is found by its name or by why it is paused", () => {
  const settings = { paused: true, pauseReason: "the Provider is down" };
  const queues = heard(noQueues, true, { name: "mail", settings }, { name: "scan" });
  const found = (words: string) =>
    findQueues([...queues.rows.values()], words).map(({ name }) => name);
  expect(found("provider mail")).toEqual(["mail"]);
  expect(found("sc")).toEqual(["scan"]);
  expect(found("")).toEqual(["mail", "scan"]);
});
