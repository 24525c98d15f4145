// Schedules: in whose name they submit, and what becomes of them.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { PersonSchema } from "@foedus/gen/foedus/person/v1/person_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { TenantService } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { insideCaller, type PersonCaller } from "@foedus/kernel/caller.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { personOf } from "../../../tests/support/joined.ts";
import { newQueue, patient, taskCalls } from "../../../tests/support/tasked.ts";
import { toBody } from "../../runtime/storage/body.ts";
import { schedulesMax } from "./schedule.rpc.ts";

const local = sharedHub();
const { ADMIN, MEMBER, OBSERVER } = Role;
let people = 0;

/** Somebody whom the tenant knows. */
async function citizen(role: Role): Promise<PersonCaller> {
  const personId = `citizen-${++people}`;
  const person = { ...personOf(role), personId, id: `person/${personId}` };
  await standAs(person, role);
  return person;
}

async function standAs({ tenant, personId: id }: PersonCaller, role: Role): Promise<void> {
  const body = Buffer.from(toBody(PersonSchema, create(PersonSchema, { id, role })));
  await rowsOf(
    local.url,
    `insert into person (tenant_id, id, body)
      values ('${tenant}', '${id}', '\\x${body.toString("hex")}')
      on conflict (tenant_id, id) do update set body = excluded.body`,
  );
}

/** One schedule, as somebody has it. */
function scheduled(person: PersonCaller, name: string) {
  const calls = taskCalls(local, person);
  const { queues } = calls;
  const queue = newQueue();
  const wanted = { name, cron: "0 0 1 1 *", spec: { queue, kind: "scan" } };
  const set = (schedule: object = {}, by = queues) =>
    by.setSchedule({ requestId: randomUUID(), schedule: { ...wanted, ...schedule } });
  const bring = () =>
    rowsOf(
      local.url,
      `update task_schedule set next_ms = 1 where tenant_id = '${person.tenant}' and name = '${name}'`,
    );
  const stands = async () =>
    (await queues.listSchedules({})).schedules.find((schedule) => schedule.name === name);
  const submitted = async () => (await calls.tasks.listTasks({ queue })).tasks;
  return { ...calls, queue, set, bring, stands, submitted };
}

test("who may not submit any more has no schedule that does, until somebody takes it over", async () => {
  const member = await citizen(MEMBER);
  const { set, bring, stands, submitted } = scheduled(member, "left-behind");
  await set();
  await bring();
  await expect.poll(async () => (await submitted()).length, patient).toBe(1);
  await standAs(member, OBSERVER);
  await bring();
  const stopped = { paused: true, skipped: 1n, owner: member.id };
  await expect.poll(stands, patient).toMatchObject(stopped);
  const left = await stands();
  expect(left?.lastProblem).toBe(
    `${member.id} may not submit tasks any more; whoever resumes it is its owner`,
  );
  expect(left?.nextTime).toBeUndefined();
  const admin = await citizen(ADMIN);
  const { schedule } = await set({}, taskCalls(local, admin).queues);
  expect(schedule).toMatchObject({ owner: admin.id, paused: false, lastProblem: "" });
  await bring();
  await expect.poll(async () => (await submitted()).length, patient).toBe(2);
  expect((await submitted())[0]).toMatchObject({ submitter: admin.id });
});

test("whoever changes a schedule of somebody who may submit leaves it theirs", async () => {
  const [member, admin] = [await citizen(MEMBER), await citizen(ADMIN)];
  const { set } = scheduled(member, "theirs");
  await set();
  const changed = await set({ cron: "0 0 2 1 *" }, taskCalls(local, admin).queues);
  expect(changed.schedule).toMatchObject({ owner: member.id, cron: "0 0 2 1 *" });
});

test("a visitor's schedule submits for as long as the visit goes on", async () => {
  const visitor = { ...personOf(MEMBER), personId: "visitor/person/owner" };
  const caller = { ...visitor, id: `person/${visitor.personId}` };
  const inside = local.hub.calls.as(PersonService, insideCaller("tenant", caller.tenant));
  const visit = { requestId: randomUUID(), visitor: "person/owner", role: MEMBER, reason: "test" };
  await inside.openVisit(visit);
  const { set, bring, stands, submitted } = scheduled(caller, "visited");
  await set();
  await bring();
  await expect.poll(async () => (await submitted()).length, patient).toBe(1);
  await rowsOf(local.url, `update person_session set expire_ms = 1 where visitor <> ''`);
  await bring();
  await expect.poll(stands, patient).toMatchObject({ paused: true, skipped: 1n });
  expect(await submitted()).toHaveLength(1);
});

test("schedules of a suspended tenant skip their turns, and go on after it", async () => {
  const tenants = local.hub.calls.as(TenantService, personOf(ADMIN));
  const name = "resting";
  await tenants.provisionTenant({ requestId: randomUUID(), name });
  const owner = { ...personOf(ADMIN), tenant: tenantProved(name), id: "person/owner" };
  const { set, bring, stands, submitted } = scheduled(owner, "asleep");
  await set();
  await tenants.suspendTenant({ requestId: randomUUID(), name, reason: "unpaid" });
  await bring();
  const problem = `select body from task_schedule where tenant_id = '${name}' and next_ms > 1`;
  await expect.poll(async () => (await rowsOf(local.url, problem)).length, patient).toBe(1);
  await tenants.resumeTenant({ requestId: randomUUID(), name });
  await expect.poll(stands, patient).toMatchObject({ paused: false, skipped: 1n, lastTaskId: "" });
  expect((await stands())?.lastProblem).toContain("suspended");
  await bring();
  await expect.poll(async () => (await submitted()).length, patient).toBe(1);
});

test("a schedule submits in its owner's name when its time has come, and is its owner's", async () => {
  const [queue, name] = [newQueue(), "nightly"];
  const member = await citizen(MEMBER);
  const { queues, tasks } = taskCalls(local, member);
  const wanted = { name, cron: "30 4 * * *", spec: { queue, kind: "scan" }, skipIfRunning: true };
  const set = (schedule: object) =>
    queues.setSchedule({ requestId: randomUUID(), schedule: { ...wanted, ...schedule } });
  const wrong = set({ cron: "61 * * * *" });
  await expect(wrong).rejects.toMatchObject({ reason: Reason.TASK_CRON_INVALID });
  const { times } = await set({});
  expect(times).toHaveLength(5);
  const bring = () =>
    rowsOf(local.url, `update task_schedule set next_ms = 1 where name = '${name}'`);
  const stands = async () =>
    (await queues.listSchedules({})).schedules.find((each) => each.name === name);
  await bring();
  await expect.poll(async () => (await stands())?.lastTaskId, patient).not.toBe("");
  const { tasks: submitted } = await tasks.listTasks({ queue });
  const schedule = await stands();
  expect(submitted).toMatchObject([{ submitter: member.id, scheduleId: schedule?.id }]);
  await bring();
  const skipped = { skipped: 1n, lastProblem: "its last task has not ended" };
  await expect.poll(stands, patient).toMatchObject(skipped);
  const { queues: others } = taskCalls(local, { ...member, id: "person/other" });
  const drop = { requestId: randomUUID(), name };
  const notTheirs = { reason: Reason.NOT_YOURS };
  await expect(others.deleteSchedule(drop)).rejects.toMatchObject(notTheirs);
  await queues.deleteSchedule(drop);
  expect(await stands()).toBeUndefined();
});

test("whatever goes wrong with a schedule is its problem, and the others go on", async () => {
  const queue = newQueue();
  await rowsOf(
    local.url,
    `create function out_of_order() returns trigger language plpgsql as
      $$ begin raise exception 'out of order'; end $$;
    create trigger out_of_order before insert on task for each row
      when (new.queue = '${queue}' and new.kind = 'broken') execute function out_of_order()`,
  );
  const { queues } = taskCalls(local, await citizen(ADMIN));
  for (const kind of ["broken", "whole"]) {
    const schedule = { name: kind, cron: "0 0 1 1 *", spec: { queue, kind } };
    await queues.setSchedule({ requestId: randomUUID(), schedule });
  }
  await rowsOf(local.url, `update task_schedule set next_ms = 1 where name in ('broken', 'whole')`);
  const stands = async (name: string) =>
    (await queues.listSchedules({})).schedules.find((schedule) => schedule.name === name);
  await expect.poll(async () => (await stands("whole"))?.lastTaskId, patient).not.toBe("");
  const problem = async () => (await stands("broken"))?.lastProblem;
  await expect.poll(problem, patient).toContain("out of order");
  expect(await stands("broken")).toMatchObject({ skipped: 1n, lastTaskId: "" });
  const due = `select 1 from task_schedule where name = 'broken' and next_ms > 1`;
  expect(await rowsOf(local.url, due)).toHaveLength(1);
});

test("a tenant has up to 1,000 schedules", async () => {
  const crowded = { ...personOf(ADMIN), tenant: tenantProved("crowded") };
  const { queues } = taskCalls(local, crowded);
  const set = (name: string) => {
    const schedule = { name, cron: "0 0 1 1 *", spec: { queue: "crowd", kind: "scan" } };
    return queues.setSchedule({ requestId: randomUUID(), schedule });
  };
  await rowsOf(
    local.url,
    `insert into task_schedule (tenant_id, name, next_ms, body)
      select 'crowded', 'known-' || n, null, '' from generate_series(1, ${schedulesMax - 1}) as n`,
  );
  await expect(set("last")).resolves.toBeDefined();
  const full = { reason: Reason.LIMIT_EXCEEDED };
  await expect(set("one-more")).rejects.toMatchObject(full);
  await expect(set("last")).resolves.toBeDefined();
  await queues.deleteSchedule({ requestId: randomUUID(), name: "last" });
  await expect(set("one-more")).resolves.toBeDefined();
});
