// What a hub below does for the hub above, while the line between them is cut.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, onTestFinished, test } from "vitest";
import { openNode } from "../../../clients/sdk/open.ts";
import {
  below,
  patient,
  quick,
  share,
  slow,
  stateAt,
  submitAt,
  taskAt,
  workerAt,
  workerOn,
} from "../../../tests/support/branches.ts";
import { testHub } from "../../../tests/support/federated.ts";
import { addressKept, lead, openRelay } from "../../../tests/support/relay.ts";

const ownHost = "127.0.0.1";
/** Where everybody else finds the hub: what passes there can be cut. */
const shownHost = "127.0.0.2";

async function relayAt(address: string) {
  const port = Number(address.split(":").at(-1));
  return await openRelay(`${ownHost}:${port}`, { host: shownHost, port });
}

/** A hub, one below it over a line that can be cut, and a node that finds it beside that line. */
async function cuttable() {
  const top = await testHub(["--host", ownHost, "--public-host", shownHost]);
  const kept = await readFile(join(top.data, "cli.json"), "utf8");
  await relayAt(new URL((JSON.parse(kept) as { web: string }).web).host);
  await relayAt(new URL(top.invitation()).host);
  const beside = await top.join("beside");
  const shown = await addressKept(beside);
  const line = await relayAt(shown);
  await lead(beside, shown.replace(shownHost, ownHost));
  const node = await openNode(beside);
  onTestFinished(() => node.close());
  const low = await below(top, "low");
  onTestFinished(() => low.stop());
  return { top, low, line, node };
}

test("a cut line costs no result, and what the parent took back meanwhile is stopped", async () => {
  const { top, low, line, node } = await cuttable();
  await share(low, "torn", ParentUse.WORKS_FOR);
  const worker = await workerAt(low, "torn", { queue: "torn", room: 2 });
  const ids = [await submitAt(top, { queue: "torn", ...slow })];
  ids.push(await submitAt(top, { queue: "torn", ...slow }));
  const given = [await worker.nth(0), await worker.nth(1)];
  expect(line.passed.up).toBeGreaterThan(0);
  line.tear(80);
  for (const one of given) worker.complete(one);
  for (const { task } of given) {
    await expect.poll(stateAt(low, task?.id ?? ""), patient).toBe(TaskState.COMPLETED);
  }
  line.shut();
  line.open();
  for (const id of ids) {
    await expect.poll(stateAt(top, id), patient).toBe(TaskState.COMPLETED);
    expect((await taskAt(top, id)).attempt?.number).toBe(1);
  }
  const id = await submitAt(top, { queue: "torn", ...quick });
  const kept = await worker.nth(2);
  line.shut();
  const other = workerOn(node, { queue: "torn" });
  const often = { ...patient, interval: 200 };
  const alive = <Told>(told: () => Told) => {
    worker.say({ case: "beat", value: true });
    return told();
  };
  await expect.poll(() => alive(() => other.assigned().length), often).toBeGreaterThan(0);
  expect(await stateAt(low, kept.task?.id ?? "")()).toBe(TaskState.WORKING);
  line.open();
  const stops = () =>
    worker
      .stops()
      .map(({ reason }) => reason)
      .join();
  await expect.poll(() => alive(stops), often).toContain("the parent took it back");
  await other.doneAll(async () => (await taskAt(top, id)).state);
  expect((await taskAt(top, id)).attempt?.worker).toBe("w");
});
