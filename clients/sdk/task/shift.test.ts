import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { TaskSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  AssignmentSchema,
  HoldSchema,
  Verdict,
  WorkerSchema,
} from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../../../tests/support/until.ts";
import { assigned, receipt, workEnd, type HubSaid } from "../../../tests/support/worked.ts";
import { steppedWorld } from "../../../tests/support/world.stepped.ts";
import { Roster, type Act } from "./roster.ts";
import { Shift } from "./shift.ts";

const beatEvery: HubSaid = { case: "beatEvery", value: durationFromMs(10_000) };

/** The hub's end, and a client of it. */
function hubEnd() {
  const hub = workEnd();
  const transport = createRouterTransport(({ service }) => {
    service(WorkService, { work: hub.work });
  });
  return { ...hub, client: createClient(WorkService, transport) };
}

/** A worker whose streams the test opens and cuts. */
function worker(concurrency: number, act: Act) {
  const world = steppedWorld();
  const hub = hubEnd();
  const roster = new Roster(world, concurrency, act);
  const said = create(WorkerSchema, { name: "w", queue: "q", concurrency });
  const kit = { world, client: hub.client, worker: said, roster };
  const open = async (answers = true) => {
    const cut = new AbortController();
    onTestFinished(() => cut.abort());
    const shift = new Shift(
      { ...kit, isDraining: () => false, opened: () => undefined },
      cut.signal,
    );
    const count = hub.streams.length;
    const over = shift.run();
    await until(() => expect(hub.streams.length).toBe(count + 1));
    if (answers) hub.say(beatEvery);
    return { cut: () => cut.abort(), over, leave: shift.leave };
  };
  return { world, hub, roster, open };
}

const never = () => new Promise(() => undefined);

test("what is held is taken along to a new stream before room is told", async () => {
  const { hub, open, roster } = worker(3, never);
  const first = await open();
  await until(() => expect(hub.heard()).toEqual(["worker", "room 3"]));
  hub.say(assigned("task_1"));
  await until(() => expect(roster.running).toBe(1));
  first.cut();
  await first.over;
  await open();
  await until(() => expect(hub.heard()).toEqual(["worker", "task_1:sign"]));
  hub.say(receipt("task_1", Verdict.TAKEN));
  await until(() => expect(hub.heard()).toEqual(["worker", "task_1:sign", "room 3"]));
});

test("a result is said over each new stream until there is a receipt of it", async () => {
  const { hub, open, roster } = worker(1, () => "done");
  for (let round = 0; round < 2; round++) {
    const stream = await open();
    if (round === 0) hub.say(assigned("task_1"));
    await until(() => expect(hub.heard()).toContain("task_1:result"));
    stream.cut();
    await stream.over;
  }
  await open();
  await until(() => expect(hub.heard()).toContain("task_1:result"));
  hub.say(receipt("task_1", Verdict.REPEATED));
  await until(() => expect(roster.counts()).toEqual({ holds: [], completed: 1, failed: 0 }));
  await until(() => expect(hub.heard().at(-1)).toMatch(/room 1/));
});

test("the receipt of a sign is not taken for the result's", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const { hub, open, roster, world } = worker(1, () => promise);
  await open();
  hub.say(assigned("task_1"));
  await until(() => expect(roster.running).toBe(1));
  world.pass(10_000);
  await until(() => expect(hub.heard()).toContain("task_1:sign"));
  resolve("done");
  await until(() => expect(hub.heard()).toContain("task_1:result"));
  hub.say(receipt("task_1", Verdict.TAKEN));
  hub.say(assigned("task_2"));
  // Heard after it, so that one was heard as well.
  await until(() => expect(roster.counts().holds.map(({ taskId }) => taskId)).toContain("task_2"));
  expect(roster.counts()).toMatchObject({ completed: 0, holds: [{ taskId: "task_1" }, {}] });
  hub.say(receipt("task_1", Verdict.TAKEN));
  await until(() => expect(roster.counts().completed).toBe(1));
});

test("a short lease is renewed sooner than the hub asked for, also on a new stream", async () => {
  const { hub, open, roster, world } = worker(1, never);
  const first = await open();
  hub.say(assigned("task_1", 3_000));
  await until(() => expect(roster.running).toBe(1));
  const [duty] = roster.held;
  for (let at = 1; at <= 2; at++) {
    world.pass(1_000);
    await until(() => expect(hub.heard().filter(isSign)).toHaveLength(at));
    hub.say(receipt("task_1", Verdict.TAKEN, 3_000));
    await until(() => expect(duty?.isAsking).toBe(false));
  }
  first.cut();
  await first.over;
  await open();
  await until(() => expect(hub.heard().filter(isSign)).toHaveLength(1));
  hub.say(receipt("task_1", Verdict.TAKEN, 3_000));
  await until(() => expect(hub.heard()).toContain("room 1"));
  world.pass(1_000);
  await until(() => expect(hub.heard().filter(isSign)).toHaveLength(2));
  expect(duty?.signal.aborted).toBe(false);
  world.pass(2_900);
  expect(duty?.signal.reason).toMatchObject({ because: "lost" });
});

test("what there is no place for goes back, and room is told again", async () => {
  const { hub, open, roster } = worker(1, never);
  await open();
  hub.say(assigned("task_1"));
  hub.say(assigned("task_2"));
  await until(() => expect(hub.heard().slice(2)).toEqual(["task_2:returned", "room 1"]));
  hub.say(receipt("task_2", Verdict.TAKEN));
  await until(() => expect(roster.counts().holds).toHaveLength(1));
});

test("who lost a task and does not stop keeps a place", async () => {
  const { promise, resolve } = Promise.withResolvers();
  const { hub, open, roster, world } = worker(2, () => promise);
  await open();
  hub.say(assigned("task_1"));
  await until(() => expect(roster.running).toBe(1));
  world.pass(10_000);
  await until(() => expect(hub.heard()).toContain("task_1:sign"));
  hub.say(receipt("task_1", Verdict.LOST));
  await until(() => expect(hub.heard().at(-1)).toBe("room 1"));
  resolve("too late");
  await until(() => expect(hub.heard().at(-1)).toBe("room 2"));
  expect(hub.heard()).not.toContain("task_1:result");
});

test("a full worker on a new stream has places, none of them free, and does not drain", async () => {
  const { hub, open, roster } = worker(1, never);
  const first = await open();
  hub.say(assigned("task_1"));
  await until(() => expect(roster.running).toBe(1));
  first.cut();
  await first.over;
  await open();
  await until(() => expect(hub.heard()).toContain("task_1:sign"));
  hub.say(receipt("task_1", Verdict.TAKEN));
  await until(() => expect(hub.heard()).toEqual(["worker", "task_1:sign", "room 1"]));
});

test("words that are too much for one message go in more", async () => {
  const { hub, open, roster } = worker(3, () => new Uint8Array(262_144));
  for (const id of ["task_1", "task_2", "task_3"]) {
    const task = create(TaskSchema, { id });
    const hold = create(HoldSchema, { taskId: id, fence: 1n });
    const lease = durationFromMs(30_000);
    roster.take({ ...create(AssignmentSchema, { lease }), task, hold }, {}, true);
  }
  await until(() => expect(roster.running).toBe(0));
  await open();
  const said = ["task_1:result", "task_2:result", "task_3:result"];
  await until(() => expect(hub.heard().filter((one) => one.startsWith("task"))).toEqual(said));
});

test("a task that is called off and goes on is given up in its name", async () => {
  const { hub, open, roster, world } = worker(1, never);
  await open();
  hub.say(assigned("task_1"));
  await until(() => expect(roster.running).toBe(1));
  hub.say({ case: "stop", value: { hold: { taskId: "task_1", fence: 1n }, reason: "enough" } });
  await until(() => expect(roster.held[0]?.signal.aborted).toBe(true));
  world.pass(10_000);
  await until(() => expect(hub.heard()).toContain("task_1:failure"));
});

test("a hub that does not answer is left", async () => {
  const { open, world } = worker(1, never);
  const { over } = await open(false);
  world.pass(30_000);
  expect(await over).toMatchObject({ kind: "broken" });
});

function isSign(said: string): boolean {
  return said.endsWith(":sign");
}
