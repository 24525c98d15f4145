// The page of tasks as a stranger meets it: narrow, long, old, and as somebody who may only look.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { GetSessionResponseSchema } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  ListTasksRequestSchema,
  ListTasksResponseSchema,
  ListTaskStepsRequestSchema,
  ListTaskStepsResponseSchema,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { expect, test } from "vitest";
import { pagesMax } from "../../web/panels/task/look-on.ts";
import { offencesOn } from "./accessible.ts";
import type { Scheme } from "./browser.ts";
import { freshPage } from "./fresh.ts";
import { answer } from "./told.ts";
import { taskIdOf, tellQueues, tellTask, tellTasks, waiting } from "./told-task.ts";

const watched = freshPage("task-look");
const schemes: readonly Scheme[] = ["light", "dark"];
const at = timestampFromMs(1_795_279_152_687);
const steps = "foedus.task.v1.TaskService/ListTaskSteps";
const attempt = { number: 1, nodeId: "node_1", worker: "reader", claimTime: at };

/** What shows less than it says. */
function cut(): string[] {
  return [...document.querySelectorAll("#main dt, #main dd, #main h1, #main button")]
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1 && clientWidth > 0)
    .map(({ textContent }) => textContent);
}

test.each(schemes)("in %s, a narrow window cuts no figure and no button", async (scheme) => {
  const { page, open } = await watched.beside(scheme);
  await page.setViewportSize({ width: 390, height: 844 });
  const busy = { ready: 123_456n, failed: 12_345n, workers: 9, submittedPerMinute: 1_234.5 };
  await tellQueues(page, [{ name: "crowd", oldestReadyTime: at, ...busy }]);
  await tellTasks(page, [waiting(1, "scan", { state: TaskState.FAILED })]);
  for (const [path, word] of [
    ["task", "Queues that stand still"],
    ["task?queue=crowd", "Median wait"],
    ["task?queue=crowd&state=failed", "Retry one dead letter"],
  ] as const) {
    await open(path);
    await page.getByText(word).waitFor();
    expect([path, await page.evaluate(cut)]).toEqual([path, []]);
    expect(await offencesOn(page)).toEqual([]);
  }
});

test("of choices that do not fit the chosen one is in sight, and the page stays where it is", async () => {
  const { page } = watched;
  await page.setViewportSize({ width: 390, height: 844 });
  await tellQueues(page, [{ name: "crowd", ready: 123_456n, working: 12_345n, failed: 1n }]);
  await tellTasks(page, [waiting(1, "scan", { state: TaskState.FAILED })]);
  await watched.open("task?view=tasks&state=failed");
  const chosen = page.getByRole("button", { name: "Dead letters 1", pressed: true });
  await chosen.waitFor();
  await expect.poll(() => chosen.evaluate(isInSight)).toBe(true);
  await watched.open("hub");
  await page.getByRole("button", { name: "Tightest of each", pressed: true }).waitFor();
  const top = page.locator("#main .scrolls").first();
  expect(await top.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
});

function isInSight(element: Element): boolean {
  const { left, right } = element.getBoundingClientRect();
  return left >= 0 && right <= innerWidth;
}

/** Steps of a task that is tried again and again, a page of a thousand after the other. */
async function tellSteps(pages: number): Promise<void> {
  const size = 1_000;
  await watched.page.route(`**/${steps}`, async (route) => {
    const body = route.request().postDataBuffer() ?? new Uint8Array();
    const { page } = fromBinary(ListTaskStepsRequestSchema, body);
    const from = Number(page?.token ?? 0) * size;
    const states = [TaskState.WORKING, TaskState.SCHEDULED];
    const told = Array.from({ length: size }, (_, index) => ({
      time: timestampFromMs(1_795_279_152_687 + (from + index) * 1_000),
      state: states[index % states.length] ?? TaskState.WORKING,
      attempt: Math.floor((from + index) / states.length) + 1,
      message: `step ${from + index}`,
    }));
    const next = from / size + 1;
    const nextPageToken = next < pages ? String(next) : "";
    const answered = create(ListTaskStepsResponseSchema, { steps: told, nextPageToken });
    const bytes = Buffer.from(toBinary(ListTaskStepsResponseSchema, answered));
    await route.fulfill({ body: bytes, contentType: "application/proto", status: 200 });
  });
}

test("of thousands of steps the last ones are seen, and more of the others when asked for", async () => {
  const { page } = watched;
  const task = waiting(1, "scan", { state: TaskState.SCHEDULED, attempt });
  await tellTask(page, task, { explain: { summary: "It is tried again." }, steps: [] });
  await page.unroute(`**/${steps}`);
  await tellSteps(3);
  await watched.open(`task?task=${taskIdOf(1)}`);
  await page.getByText("Attempt 1500", { exact: true }).waitFor();
  await page.getByText("1,500 attempts").waitFor();
  await page.getByRole("button", { name: "Show 60 more" }).click();
  await page.getByText("Attempt 1450", { exact: true }).waitFor();
});

test("where there are more steps than are read at once it says so, and reads on when asked", async () => {
  const { page } = watched;
  const task = waiting(1, "scan", { state: TaskState.SCHEDULED, attempt });
  await tellTask(page, task, { explain: { summary: "It is tried again." }, steps: [] });
  await page.unroute(`**/${steps}`);
  await tellSteps(11);
  await watched.open(`task?task=${taskIdOf(1)}`);
  await page.getByText("Only the first 10,000 steps are here").waitFor();
  await page.getByText("at least 5,000 attempts").waitFor();
  await page.getByRole("button", { name: "Show what came after" }).click();
  await page.getByText("Attempt 5500", { exact: true }).waitFor();
  expect(await page.getByText("Only the first").count()).toBe(0);
});

test("steps that cannot be had say why, and are asked for again", async () => {
  const { page } = watched;
  await tellTask(page, waiting(1, "scan"), { explain: { summary: "It waits." }, steps: [] });
  await page.unroute(`**/${steps}`);
  const body = JSON.stringify({ code: "internal", message: "it broke" });
  await page.route(`**/${steps}`, (route) =>
    route.fulfill({ body, contentType: "application/json", status: 500 }),
  );
  await watched.open(`task?task=${taskIdOf(1)}`);
  const trouble = page.getByRole("alert").filter({ hasText: "it broke" });
  await trouble.waitFor();
  await page.unroute(`**/${steps}`);
  await tellSteps(1);
  await trouble.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Attempt 500", { exact: true }).waitFor();
});

test("beside what a worker said last stands how old that is", async () => {
  const { page } = watched;
  const progress = { fraction: 0.4, message: "page 2 of 5", time: at };
  const task = waiting(1, "scan", {
    state: TaskState.WORKING,
    attempt: { ...attempt, progress },
  });
  const held = [{ time: at, state: TaskState.WORKING, attempt: 1, caller: "node_1" }];
  await tellTask(page, task, { explain: { summary: "It is being done." }, steps: held });
  await watched.open(`task?task=${taskIdOf(1)}`);
  await page.getByText(/^40 %, page 2 of 5 \(said .+\)$/).waitFor();
});

test("whoever cancels what a worker holds is told when it hears, and what may come of it", async () => {
  const { page } = watched;
  const spec = { queue: "crowd", kind: "scan", timeouts: { heartbeat: durationFromMs(45_000) } };
  const task = waiting(1, "scan", { state: TaskState.WORKING, attempt, spec });
  await tellTask(page, task, { explain: { summary: "It is being done." }, steps: [] });
  await watched.open(`task?task=${taskIdOf(1)}`);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel the task" });
  await dialog.getByText(/^Worker reader holds it, .* sign of life, within 45 s\./).waitFor();
  expect(await offencesOn(page)).toEqual([]);
});

test("whoever retries what is shown of many dead letters is told that there are more", async () => {
  const { page } = watched;
  await tellQueues(page, [{ name: "crowd", failed: 900n, workers: 1 }]);
  const dead = [3, 2].map((each) => waiting(each, "scan", { state: TaskState.FAILED }));
  await tellTasks(page, dead, "more");
  // The page after the first one never comes.
  await page.route("**/foedus.task.v1.TaskService/ListTasks", (route) => {
    const body = route.request().postDataBuffer() ?? new Uint8Array();
    const { page: wish } = fromBinary(ListTasksRequestSchema, body);
    return wish?.token === "" ? route.fallback() : undefined;
  });
  await watched.open("task?queue=crowd&state=failed");
  await page.getByRole("button", { name: "Retry the newest 2 …" }).click();
  const dialog = page.getByRole("dialog", { name: "Retry 2 dead letters" });
  await dialog.getByText(/as far as the list was read: there are more/).waitFor();
  await dialog.getByText("npx foedus task retry --queue crowd --all").waitFor();
  await dialog.getByRole("button", { name: "Retry these" }).waitFor();
});

test("where none of the newest tasks is like that, older ones are looked at when asked for", async () => {
  const { page } = watched;
  await tellQueues(page, [{ name: "crowd", ready: 1n, workers: 1 }]);
  await tellTasks(page, [], "more");
  await watched.open("task?queue=crowd&q=rare");
  await page.getByText("None of the newest tasks is like that").waitFor();
  await tellTasks(page, [waiting(1, "rare")]);
  await page.getByRole("button", { name: "Look further" }).click();
  await page.getByRole("button", { name: /^rare, task/ }).waitFor();
});

test("where few of the newest tasks are like that, older ones are looked at when asked for", async () => {
  const { page } = watched;
  await tellQueues(page, [{ name: "crowd", ready: 1n, workers: 1 }]);
  const rare = new Map([0, pagesMax].map((each) => [each, [waiting(each + 1, "rare")]]));
  await page.route("**/foedus.task.v1.TaskService/ListTasks", (route) => {
    const asked = route.request().postDataBuffer() ?? new Uint8Array();
    const at = Number(fromBinary(ListTasksRequestSchema, asked).page?.token);
    const nextPageToken = at === pagesMax ? "" : String(at + 1);
    const told = create(ListTasksResponseSchema, { tasks: rare.get(at) ?? [], nextPageToken });
    const body = Buffer.from(toBinary(ListTasksResponseSchema, told));
    return route.fulfill({ body, contentType: "application/proto", status: 200 });
  });
  await watched.open("task?queue=crowd&q=rare");
  await page.getByText("The newest 1; few of the older ones are like that").waitFor();
  expect(await offencesOn(page)).toEqual([]);
  await page.getByRole("button", { name: "Look further" }).click();
  await page.getByText("2 tasks").waitFor();
});

test("an observer is told in plain words what they may not do", async () => {
  const { page } = watched;
  const person = { id: "watcher", name: "Watcher", role: Role.OBSERVER };
  const session = "foedus.person.v1.PersonService/GetSession";
  const who = { person, tenant: "main", trustDomain: "foedus.test" };
  await answer(page, session, GetSessionResponseSchema, who);
  await tellTask(page, waiting(1, "scan"), { explain: { summary: "It waits." }, steps: [] });
  await watched.open(`task?task=${taskIdOf(1)}`);
  await page.getByText(/you are an observer: .* may not submit, cancel or retry/).waitFor();
});
