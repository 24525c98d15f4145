import { create } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { TaskSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, test } from "vitest";
import { handedOpen, parentLine } from "../../../tests/support/handed.ts";
import { silentLog } from "../../../tests/support/storage.ts";
import { fastWorld } from "../../../tests/support/world.fast.ts";
import { openParentSlot } from "../../runtime/parent.ts";
import type { Open } from "./relay.up.book.flow.ts";
import { handedEndsLoop } from "./relay.up.ends.loop.ts";
import { Rests } from "./relay.up.rest.flow.ts";

const world = fastWorld(10);
const answerMs = 2_000;
const callsMax = 8;

test("over a slow line ends are heard while one task after another is handed up", async () => {
  const book = new Map<string, Open>();
  const handUp = () => {
    const upperId = `task_${book.size}_${calls.length}`;
    book.set(upperId, handedOpen(upperId, { upperId }));
  };
  const calls: { readonly waitMs: number; isAnswered: boolean }[] = [];
  const enough = new AbortController();
  const line = parentLine({
    async waitTasks({ taskIds, wait }, { signal }) {
      const call = { waitMs: wait === undefined ? 0 : durationMs(wait), isAnswered: false };
      calls.push(call);
      // Something more is handed up before any answer is there, each time.
      handUp();
      if (calls.length > callsMax) enough.abort();
      await world.timers.sleep(answerMs, signal);
      call.isAnswered = !signal.aborted;
      return { tasks: taskIds.map((id) => create(TaskSchema, { id, state: TaskState.FAILED })) };
    },
  });
  const ended: string[] = [];
  const shelf = {
    rests: new Rests(),
    followed: () => new Map(book),
    end: ({ id }: Open) => Promise.resolve(void (book.delete(id) && ended.push(id))),
  };
  const parent = openParentSlot();
  parent.set(line);
  handUp();
  await handedEndsLoop({ hub: { parent, world, log: silentLog } }, shelf).run(enough.signal);
  const heard = calls.slice(0, callsMax);
  expect(heard.filter(({ isAnswered }) => isAnswered).map(({ waitMs }) => waitMs)).toContain(0);
  // Each call that newcomers cut is followed by one that nothing cuts.
  for (const [at, { isAnswered }] of heard.slice(1).entries()) {
    expect(isAnswered || heard[at]?.isAnswered).toBe(true);
  }
  expect(ended.length).toBeGreaterThanOrEqual(callsMax / 2);
});
