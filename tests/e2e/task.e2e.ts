// Somebody asks for work in the browser, a node does it, and each change is seen without a reload.
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { UplinkState } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { GetStatusResponseSchema } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { ParentUse, QueueService } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeDataFolder } from "../support/folder.ts";
import type { TestWorker, TestWorkerOptions } from "../support/task.worker.shape.ts";
import { offencesOn } from "./accessible.ts";
import { coloursOf, focused, openPage, type Watched } from "./browser.ts";
import { type Ground, groundMs, startGround } from "./ground.ts";
import { answer } from "./told.ts";

let ground: Ground;
let watched: Watched;
let dark: Watched;
let worker: TestWorker;
const started: TestWorker[] = [];
const folder = makeDataFolder("e2e-task-workers");

beforeAll(async () => {
  ground = await startGround("task");
  watched = await openPage(ground.browser);
  await ground.signIn(watched);
  dark = await ground.openBeside(watched, "dark");
}, groundMs);

afterAll(async () => {
  await Promise.all(started.map((each) => each.stop()));
  await ground?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Loaded by its place: the sources of a node do not type-check beside the names of a browser. */
async function startWorker(
  options: Pick<TestWorkerOptions, "name" | "queue" | "capabilities" | "concurrency">,
): Promise<TestWorker> {
  const place = new URL("../support/task.worker.ts", import.meta.url).href;
  const loaded = (await import(place)) as {
    startTestWorker(options: TestWorkerOptions): Promise<TestWorker>;
  };
  const { secret: token, invitation } = await ground.federation.session().token(options.name);
  const own = join(folder, options.name);
  const next = await loaded.startTestWorker({ invitation, token, folder: own, ...options });
  started.push(next);
  return next;
}

async function submit(spec: Partial<Omit<TaskSpec, "$typeName" | "$unknown">>): Promise<string> {
  const tasks = ground.federation.session().as(TaskService);
  const { task } = await tasks.submitTask({ requestId: randomUUID(), spec });
  return task?.id ?? "";
}

async function open({ page }: Watched, path: string): Promise<void> {
  await page.goto(ground.federation.webUrl + path);
}

const queueRow = (name: string, { page } = watched) =>
  page
    .getByRole("region", { name: "Queues" })
    .getByRole("row")
    .filter({ has: page.getByRole("button", { name, exact: true }) });

test("a hub without tasks says how the first one comes", async () => {
  await open(watched, "task");
  await watched.page.getByText("Nobody has asked for work yet").waitFor();
  await watched.page.getByText("npx foedus task submit work hello").waitFor();
  expect(await offencesOn(watched.page)).toEqual([]);
});

test("a task is submitted by keyboard alone, and waits for a worker that nobody runs", async () => {
  const { page } = watched;
  await page.getByRole("button", { name: "Submit a task" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Submit a task" });
  await dialog.getByRole("textbox", { name: "Queue" }).fill("scan");
  await dialog.getByRole("textbox", { name: "Kind" }).fill("scan.pdf");
  await dialog.getByRole("textbox", { name: /^Payload/ }).fill('{"file": oops');
  await dialog
    .getByText(/^Not JSON/)
    .first()
    .waitFor();
  await dialog.getByRole("textbox", { name: /^Payload/ }).fill('{"file": "one.pdf"}');
  expect(await offencesOn(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Submit the task" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "scan.pdf" }).waitFor();
  await page.getByText(/^It waits for a worker of scan/).waitFor();
  await page.getByText("npx foedus task work scan --data ./my-node -- ./do-it.sh").waitFor();
  await page.getByText('"file": "one.pdf"').waitFor();
  await open(dark, new URL(page.url()).pathname.slice(1) + new URL(page.url()).search);
  await dark.page.getByText("Ready, in line").waitFor();
  for (const { page: each } of [watched, dark]) expect(await offencesOn(each)).toEqual([]);
});

test("a queue that nobody works on stands out by words and shape", async () => {
  await open(watched, "task");
  await queueRow("scan").getByText("Nobody works").waitFor();
  expect(await coloursOf(queueRow("scan").getByText("Nobody works"))).toBeGreaterThan(12);
  await queueRow("scan").getByRole("button").focus();
  await watched.page.keyboard.press("Enter");
  await watched.page.getByText(/^Waiting for a worker: 1 task is ready/).waitFor();
  await watched.page.getByText("npx foedus task work scan --data ./my-node").waitFor();
  expect(await offencesOn(watched.page)).toEqual([]);
});

test("a worker comes, and the task is seen to be held, to go on, and to be done", async () => {
  const { page } = watched;
  const { page: night } = dark;
  worker = await startWorker({ name: "reader", queue: "scan", concurrency: 4 });
  const taskId = await worker.next();
  await page.getByText("At work").waitFor();
  await night.getByText("Attempt 1", { exact: true }).waitFor();
  await night.getByText(/^It is being done by worker reader/).waitFor();
  worker.progress(taskId, 0.4, "page 2 of 5");
  await night.getByText("40 %, page 2 of 5").waitFor();
  expect(await offencesOn(night)).toEqual([]);
  worker.finish(taskId, { pages: 5 });
  await night.getByText('"pages": 5').waitFor();
  await night.getByText(/^It is done/).waitFor();
  await page.getByRole("table", { name: "Tasks" }).getByText("Completed").waitFor();
});

test("who works and what it holds is told, and leads to the task", async () => {
  const { page } = watched;
  const id = await submit({ queue: "scan", kind: "scan.photo" });
  expect(await worker.next()).toBe(id);
  await open(watched, "task?view=workers");
  const row = page.getByRole("region", { name: "Workers by queue" }).getByRole("row");
  await row.getByText("1 of 4").waitFor();
  expect(await offencesOn(page)).toEqual([]);
  await row.getByRole("link", { name: `Task ${id}` }).click();
  await page.getByRole("heading", { level: 1, name: "scan.photo" }).waitFor();
  await page.goto(`${ground.federation.webUrl}node?selected=${worker.nodeId}`);
  const panel = page.getByRole("complementary", { name: /^Node/ });
  await panel.getByRole("link", { name: "scan.photo" }).waitFor();
  worker.fail(id, { reason: "BAD_INPUT", message: "it is upside down", isFinal: true });
});

test("a dead letter says why, and is retried from the list", async () => {
  const { page } = watched;
  await open(watched, "task?queue=scan&state=failed");
  const list = page.getByRole("table", { name: "Tasks" });
  await list.getByText("BAD_INPUT: it is upside down (one attempt)").waitFor();
  expect(await offencesOn(page)).toEqual([]);
  await list.getByRole("button", { name: "Retry" }).click();
  const dialog = page.getByRole("dialog", { name: "Retry the dead letter" });
  await dialog.getByRole("button", { name: "Retry it" }).click();
  const id = await worker.next();
  await page.getByText("No dead letters").waitFor();
  worker.finish(id, {});
});

test("many dead letters are retried at once", async () => {
  const { page } = watched;
  const count = 6;
  for (let at = 0; at < count; at++) await submit({ queue: "scan", kind: `scan.${at}` });
  for (let at = 0; at < count; at++) {
    worker.fail(await worker.next(), { reason: "DISK_FULL", message: "", isFinal: true });
  }
  await page.getByRole("button", { name: "Retry 6 dead letters …" }).click();
  await page.getByRole("button", { name: "Retry all of them" }).click();
  for (let at = 0; at < count; at++) worker.finish(await worker.next(), {});
  await page.getByText("No dead letters").waitFor();
});

test("an admin pauses a queue with a reason, which every task in it tells, and resumes it", async () => {
  const { page } = watched;
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("textbox", { name: "Why" }).fill("the scanner is being cleaned");
  await page.getByRole("button", { name: "Pause the queue" }).click();
  await page.getByText(/resume the queue: the scanner is being cleaned/).waitFor();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  expect(await offencesOn(page)).toEqual([]);
  const id = await submit({ queue: "scan", kind: "scan.late" });
  await open(dark, `task?task=${id}`);
  await dark.page.getByText(/which is paused: the scanner is being cleaned\.$/).waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("button", { name: "Resume the queue" }).click();
  expect(await worker.next()).toBe(id);
  await dark.page.getByText("Attempt 1", { exact: true }).waitFor();
});

test("a task is called off, and its worker is told", async () => {
  const { page } = dark;
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("textbox", { name: /^Why/ }).fill("nobody needs it");
  await page.getByRole("button", { name: "Cancel the task" }).click();
  await page.getByText("Canceled", { exact: true }).first().waitFor();
  await page
    .getByText(/nobody needs it/)
    .first()
    .waitFor();
});

test("rate and weights are set, and shown as shares", async () => {
  const { page } = watched;
  await page.getByRole("button", { name: "Limit the rate" }).click();
  await page.getByRole("textbox", { name: "Tasks a minute" }).fill("600");
  await page.getByRole("button", { name: "Set the rate" }).click();
  await page.getByRole("button", { name: "At most 600 a minute" }).waitFor();
  await page.getByRole("button", { name: "Change weights …" }).click();
  await page.getByRole("textbox", { name: "One key=weight a line" }).fill("acme=oops");
  await page
    .getByText(/is not key=weight/)
    .first()
    .waitFor();
  await page.getByRole("textbox", { name: "One key=weight a line" }).fill("acme=3");
  await page.getByRole("button", { name: "Set the weights" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  for (const fairnessKey of ["acme", "globex"]) {
    const needs = { capabilities: ["nobody-has-it"] };
    await submit({ queue: "scan", kind: "scan.share", fairnessKey, needs } as Partial<TaskSpec>);
  }
  const shares = page.getByRole("complementary", { name: "Who shares the queue" });
  await shares.getByText("75 %").waitFor();
  await shares.getByText("weight 3").waitFor();
});

test("an admin of a hub below another one sets what a queue has to do with the parent's", async () => {
  const { page } = watched;
  expect(await page.getByRole("button", { name: /parent/i }).count()).toBe(0);
  const uplink = { state: UplinkState.CONNECTED, parent: "hub.above" };
  const status = { status: { uplink } };
  await answer(page, "foedus.hub.v1.HubService/GetStatus", GetStatusResponseSchema, status);
  await open(watched, "task?queue=scan");
  await page.getByRole("button", { name: "Parent: not used" }).click();
  const dialog = page.getByRole("dialog", { name: "scan and the parent" });
  await dialog.getByRole("button", { name: "Both" }).click();
  await dialog.getByText(/^Workers here do .* goes up to it\.$/).waitFor();
  await dialog.getByText("npx foedus task parent scan both").waitFor();
  expect(await offencesOn(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Set the parent's part" }).click();
  await page.getByRole("button", { name: "Works for the parent, hands up" }).waitFor();
  const { queue } = await ground.federation.session().as(QueueService).getQueue({ queue: "scan" });
  expect(queue?.settings?.parent).toBe(ParentUse.BOTH);
  await page.unroute("**/foedus.hub.v1.HubService/GetStatus");
});

test("a schedule is made, says its next five times, and is paused and deleted", async () => {
  const { page } = watched;
  await open(watched, "task?view=schedules");
  await page.getByText("Nothing comes back by itself yet").waitFor();
  await page.getByRole("button", { name: "New schedule" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: /^Name/ }).fill("nightly");
  await dialog.getByRole("textbox", { name: "Cron" }).fill("61 2 * * *");
  await dialog.getByRole("textbox", { name: "Time zone" }).fill("Europe/Berlin");
  await dialog.getByRole("textbox", { name: "Queue" }).fill("report");
  await dialog.getByRole("textbox", { name: "Kind" }).fill("report.nightly");
  await dialog.getByRole("button", { name: "Make the schedule" }).click();
  await dialog.getByText("TASK_CRON_INVALID").waitFor();
  expect(await offencesOn(page)).toEqual([]);
  await dialog.getByRole("textbox", { name: "Cron" }).fill("30 2 * * mon-fri");
  await dialog.getByRole("button", { name: "Make the schedule" }).click();
  await dialog.getByText("Its next five times").waitFor();
  expect(await dialog.getByRole("listitem").count()).toBe(5);
  await dialog.getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("row").filter({ hasText: "nightly" });
  await row.getByText("Europe/Berlin").waitFor();
  await row.getByRole("button", { name: "Pause" }).click();
  await dialog.getByRole("button", { name: "Pause the schedule" }).click();
  await row.getByText("Paused").waitFor();
  await dialog.waitFor({ state: "hidden" });
  expect(await offencesOn(page)).toEqual([]);
  await row.getByRole("button", { name: "Delete" }).click();
  await dialog.getByRole("button", { name: "Delete the schedule" }).click();
  await page.getByText("Nothing comes back by itself yet").waitFor();
});

test("the keyboard goes from queue to queue, opens one, and from task to task", async () => {
  const { page } = watched;
  await open(watched, "node");
  await page.getByRole("group", { name: /^Map of/ }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("k");
  await page.getByRole("heading", { level: 1, name: "Tasks" }).waitFor();
  await queueRow("scan").getByRole("button").focus();
  await page.keyboard.press("Enter");
  const list = page.getByRole("table", { name: "Tasks" });
  await list
    .getByRole("button", { name: /^scan\.share/ })
    .first()
    .waitFor();
  await list.focus();
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => focused(page)).toMatch(/^scan\.share, task task_/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "scan.share" }).waitFor();
  await page.goBack();
  await list.waitFor();
});

test("the pages broke no policy and threw nothing", () => {
  expect([...watched.complaints, ...dark.complaints]).toEqual([]);
});
