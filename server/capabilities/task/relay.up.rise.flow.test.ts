import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { expect, test } from "vitest";
import { handedOpen, parentLine } from "../../../tests/support/handed.ts";
import { silentLog } from "../../../tests/support/storage.ts";
import { steppedWorld } from "../../../tests/support/world.stepped.ts";
import { toConnectError } from "../../runtime/wrap/refusal.ts";
import type { Open } from "./relay.up.book.flow.ts";
import { Rests } from "./relay.up.rest.flow.ts";
import { mayRise, rise } from "./relay.up.rise.flow.ts";

const minuteMs = 60_000;
const late = () => new ConnectError("late", Code.DeadlineExceeded);
const broken = () => toConnectError(new Fault(Reason.INTERNAL, {}));

/** A hub whose parent answers so for some kinds, and takes all others; what became of each. */
function handing(answers: Record<string, () => ConnectError>) {
  const world = steppedWorld();
  const open = new Map<string, Open>();
  const log: string[] = [];
  const line = parentLine({
    submitTask({ spec: { kind } = { kind: "" } }) {
      log.push(`${kind} asked`);
      const answer = answers[kind];
      if (answer !== undefined) throw answer();
      return { task: create(TaskSchema, { id: `above_${kind}` }) };
    },
  });
  const gone = (how: string) => (one: Open) => {
    open.delete(one.id);
    return Promise.resolve(void log.push(`${one.id} ${how}`));
  };
  const rests = new Rests();
  const book = {
    rests,
    all: () => [...open.values()],
    end: gone("ended"),
    forget: gone("forgotten"),
    submitted: gone("taken"),
  };
  const turn = async () => {
    log.splice(0);
    await rise({ world, log: silentLog }, book, line, new AbortController().signal);
    return [...log];
  };
  const add = (id: string, init?: Partial<Open>) => void open.set(id, handedOpen(id, init));
  return { world, open, rests, turn, add, more: () => mayRise(book, "q") };
}

test("one task whose answer is never clear rests by itself, and its queue goes up", async () => {
  const { world, rests, turn, add, more } = handing({ big: late });
  add("big", { isTried: true });
  for (let at = 0; at < 8; at += 1) {
    add("small");
    expect((await turn()).slice(0, 2)).toEqual(["small asked", "small taken"]);
    expect(rests.of("q", world.clock.monotonic())).toBeUndefined();
    world.pass(minuteMs);
  }
  expect(more()).toBe(99);
});

test("how long a task rests doubles from 4 s to a minute", async () => {
  const { world, turn, add } = handing({ big: late });
  add("big");
  for (const second of [4, 8, 16, 32, 60, 60]) {
    expect(await turn()).toEqual(["big asked"]);
    world.pass(second * 1_000 - 1);
    expect(await turn()).toEqual([]);
    world.pass(1);
  }
});

test("a task that nobody here waits for is given up after five tries, in its attempt or after", async () => {
  const { world, turn, add, open } = handing({ big: broken, held: broken });
  add("big", { lost: true, isTried: true });
  for (let at = 0; at < 4; at += 1) {
    expect(await turn()).toEqual(["big asked"]);
    world.pass(minuteMs);
  }
  expect(await turn()).toEqual(["big asked", "big forgotten"]);
  add("held", { isTried: true });
  for (let at = 0; at < 9; at += 1) {
    expect(await turn()).toEqual(["held asked"]);
    world.pass(minuteMs);
  }
  const held = open.get("held");
  if (held !== undefined) held.lost = true;
  expect(await turn()).toEqual(["held asked", "held forgotten"]);
});

test("of two in a row that were unclear the queue stays at home, and what was taken clears it", async () => {
  const { world, rests, turn, add, more } = handing({ one: broken, two: broken, three: broken });
  const nowMs = () => world.clock.monotonic();
  add("one");
  add("small");
  add("two");
  expect(await turn()).toEqual(["one asked", "small asked", "small taken", "two asked"]);
  expect(rests.of("q", nowMs())).toBeUndefined();
  add("three");
  add("other");
  // The third is the second in a row: whoever comes here may do what is still at home.
  expect(await turn()).toEqual(["three asked", "other ended"]);
  expect(rests.of("q", nowMs())).toBeDefined();
  world.pass(minuteMs);
  // One asks again, whatever is unclear of three others.
  expect(more()).toBe(1);
  add("next");
  expect((await turn()).slice(0, 2)).toEqual(["next asked", "next taken"]);
});

test("of the tasks of which nobody knows one late answer ends the turn", async () => {
  const { turn, add } = handing({ a: late, b: late });
  add("a", { isTried: true });
  add("b", { isTried: true });
  expect(await turn()).toEqual(["a asked"]);
  expect(await turn()).toEqual(["b asked"]);
});
