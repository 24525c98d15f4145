import { randomUUID } from "node:crypto";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { freely, joinNode } from "../../../tests/support/joined.ts";
import { newQueue, taskCalls } from "../../../tests/support/tasked.ts";

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: freely });
});
afterAll(() => local.stop());

const minuteMs = 60_000;

test("a task waits for the rate of its queue once what the rate lets pass was claimed", async () => {
  const queue = newQueue();
  const { tasks, queues, submit } = taskCalls(local);
  const settings = { rate: { perMinute: 1, burst: 2 } };
  await queues.setQueue({ requestId: randomUUID(), queue, settings, fields: ["rate"] });
  for (let at = 0; at < 2; at++) await submit({ queue });
  const { id: taskId } = await submit({ queue });
  const worker = taskCalls(local, (await joinNode(local.hub)).caller);
  const rateWaits = async () => {
    const { waits } = await tasks.explainTask({ taskId });
    return waits.filter(({ command }) => command === `foedus task rate ${queue} none`);
  };
  expect(await rateWaits()).toEqual([]);
  expect(await worker.claim(queue)).toHaveLength(1);
  expect(await rateWaits()).toEqual([]);
  expect(await worker.claim(queue)).toHaveLength(1);
  const [wait, ...more] = await rateWaits();
  expect(more).toEqual([]);
  expect(wait?.waitingFor).toMatch(/^the queue's rate of 1 a minute: the next one may start in /);
  const { expected } = await tasks.explainTask({ taskId });
  const ms = expected === undefined ? -1 : durationMs(expected);
  expect(ms).toBeGreaterThan(0);
  expect(ms).toBeLessThanOrEqual(minuteMs);
  expect(await worker.claim(queue)).toEqual([]);
  expect(await rateWaits()).toHaveLength(1);
});
