import { create } from "@bufbuild/protobuf";
import { FailureSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { followersMax } from "@foedus/kernel/task/limits.ts";
import { expect, test } from "vitest";
import { done, sharedTasks, tasksOf } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { levelsMax } from "./save.store.ts";

const tasks = sharedTasks();

const result = { case: "result", result: done } as const;
const failure = create(FailureSchema, { reason: "BAD", isFinal: true });
const kind = "after";

test("so many tasks wait for one and no more, and its end moves all of them as they are", async () => {
  const { ids, claim, say, submit, counts, recount, find } = tasksOf(tasks, newTenant());
  const [first = ""] = await ids({});
  const payload = { contentType: "text/plain", body: new Uint8Array([1, 2]) };
  const waiting = { dependsOn: [first], kind, payload };
  const all = await ids(...Array.from({ length: followersMax }, () => waiting));
  await expect(submit(waiting)).rejects.toThrow(`more than ${followersMax} tasks would wait`);
  expect(await counts()).toMatchObject({ ready: 1, blocked: followersMax });
  const [held] = await claim(1);
  if (held === undefined) throw new Error("nothing to claim");
  await say(held, result);
  expect(await counts()).toMatchObject({ ready: followersMax, blocked: 0 });
  expect(await recount()).toMatchObject({ ready: followersMax, blocked: 0 });
  for (const id of [all[0] ?? "", all.at(-1) ?? ""]) {
    expect((await find(id)).stored.spec.payload?.body).toEqual(payload.body);
  }
});

test("a long chain whose head fails ends whole, by turns, and keeps what it carried", async () => {
  const { ids, claim, say, counts, recount, find, wake } = tasksOf(tasks, newTenant());
  const payload = { contentType: "text/plain", body: new Uint8Array([3]) };
  const links = Array.from({ length: 2 * levelsMax + 2 }, (_, at) => {
    return at === 0 ? {} : { dependsOn: [`#${at - 1}`], kind, payload };
  });
  const all = await ids(...links);
  const [held] = await claim(1);
  if (held === undefined) throw new Error("nothing to claim");
  await say(held, { case: "failure", failure });
  const left: unknown[] = [];
  for (let turn = 0; turn < 3; turn++) {
    left.push((await counts())?.blocked);
    expect(await recount()).toMatchObject({ ready: 0, blocked: left.at(-1), working: 0 });
    await wake();
  }
  expect(left).toEqual([levelsMax + 1, 1, 0]);
  const { stored } = await find(all.at(-1) ?? "");
  expect(stored.live.standing.state).toBe(TaskState.CANCELED);
  expect(stored.spec.payload?.body).toEqual(payload.body);
});

test("who waits for a long chain and for another task ends with the chain, whichever is first", async () => {
  const { ids, claim, say, stateOf, wake } = tasksOf(tasks, newTenant());
  const links = Array.from({ length: levelsMax + 1 }, (_, at) => {
    return at === 0 ? {} : { dependsOn: [`#${at - 1}`], kind };
  });
  const both = { dependsOn: [`#${levelsMax}`, `#${levelsMax + 1}`], kind };
  const all = await ids(...links, {}, both);
  const [head, other] = await claim(2);
  if (head === undefined || other === undefined) throw new Error("nothing to claim");
  await say(head, { case: "failure", failure });
  await say(other, result);
  const last = all.at(-1) ?? "";
  expect(await stateOf(last)).toBe(TaskState.BLOCKED);
  await wake();
  expect(await stateOf(last)).toBe(TaskState.CANCELED);
});
