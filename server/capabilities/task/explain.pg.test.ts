import { randomUUID } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import { FailureSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskStepSchema } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { joinNode } from "../../../tests/support/joined.ts";
import { newQueue, taskCalls } from "../../../tests/support/tasked.ts";

const local = sharedHub();
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

test("of a long story the end is told", async () => {
  const queue = newQueue();
  const { tasks, submit } = taskCalls(local);
  const retry = { maximumAttempts: 2, initialInterval: durationFromMs(1) };
  const { id: taskId } = await submit({ queue, retry });
  const step = toBinary(TaskStepSchema, create(TaskStepSchema, { message: "long ago" }));
  await sql`insert into task_step_log (tenant_id, task_id, number, day, body)
    select t.tenant_id, t.id, -n, current_date, ${step} from task t, generate_series(1, 2000) as n
    where t.id = ${taskId}`.execute(local.hub.storage.sweeper);
  const worker = taskCalls(local, (await joinNode(local.hub)).caller);
  for (const reason of ["FIRST", "SECOND"]) {
    const [assignment] = await worker.claim(queue, { waitMs: 10_000 });
    const value = create(FailureSchema, { reason });
    const said = { case: "failure", value } as const;
    await worker.work.reportTasks({ reports: [{ hold: assignment?.hold, said }] });
  }
  const { summary } = await tasks.explainTask({ taskId });
  expect(summary).toContain("It failed after 2 attempts: attempt 1: FIRST; attempt 2: SECOND.");
});
