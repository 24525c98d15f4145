// What a hub has at the hub above that it has forgotten.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { create, type DescService } from "@bufbuild/protobuf";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskSpecSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { handedName } from "@foedus/kernel/task/relay.ts";
import { expect, onTestFinished, test } from "vitest";
import { patient, share, stateAt, submitAt, topHub } from "../../../tests/support/branches.ts";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { freely, personOf } from "../../../tests/support/joined.ts";
import { submitAbove } from "./relay.up.flow.ts";

const admin = personOf(Role.ADMIN);

const top = topHub();

/** A hub below the one of this file, in the test's own process. */
async function child(name: string, again?: LocalHub) {
  const file = join(top.data, "..", `${name}.token`);
  if (again === undefined) await writeFile(file, (await top.session().token(name)).secret);
  const parent = { parent: top.invitation(), parent_token_file: file };
  const values = { ...freely, ...parent, trust_domain: `${name}.example` };
  const local = await startLocalHub({ values, ...(again === undefined ? {} : { again }) });
  onTestFinished(() => local.stop({ keep: again === undefined }));
  const as = <Desc extends DescService>(service: Desc) => local.hub.calls.as(service, admin);
  return { ...local, session: () => ({ as }) };
}

test("what a hub forgot it handed up is called off above as soon as it is back", async () => {
  const low = await child("forgetful");
  await share(low, "lost", ParentUse.HANDS_UP);
  await submitAt(low, { queue: "lost" });
  const own = await submitAt(top, { queue: "lost", labels: { "handed-up-by": "somebody" } });
  const ofChild = async () => {
    const { tasks } = await top.session().as(TaskService).listTasks({ queue: "lost" });
    return tasks.find(({ id }) => id !== own)?.id ?? "";
  };
  await expect.poll(ofChild, patient).not.toBe("");
  const upperId = await ofChild();
  await low.stop({ keep: true });
  await rowsOf(low.url, "delete from task_relay_up");
  await child("forgetful", low);
  await expect.poll(stateAt(top, upperId), patient).toBe(TaskState.CANCELED);
  expect(await stateAt(top, own)()).toBe(TaskState.SUBMITTED);
});

test("a hold is one task above while that lives, also after the answer was forgotten", async () => {
  const low = await child("late");
  const line = { client: low.session().as };
  const key = { id: "task_1", fence: 3 };
  const uniqueKey = handedName(key);
  const spec = create(TaskSpecSchema, { queue: "late", kind: "scan", uniqueKey });
  const submit = () => submitAbove(line, { ...key, spec }, AbortSignal.timeout(60_000));
  const first = await submit();
  expect(await submit()).toBe(first);
  await rowsOf(low.url, "delete from answer");
  expect(await submit()).toBe(first);
});
