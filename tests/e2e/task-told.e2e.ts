// The page of tasks with more and worse than a small federation would tell.
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { GetSessionResponseSchema } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, test } from "vitest";
import { notedInside } from "../support/inside.ts";
import { offencesOn } from "./accessible.ts";
import { freshPage } from "./fresh.ts";
import { answer } from "./told.ts";
import { taskIdOf, tellQueues, tellTask, tellTasks, waiting } from "./told-task.ts";

const watched = freshPage("task-told");
const { open } = watched;

const hour = 3_600_000;
const at = timestampFromMs(1_795_279_152_687);
const hostile = `<img src=x onerror="document.title='taken'">\u202E${"x".repeat(80)}`;
const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => count - index);

test("a thousand queues fill the table as far as somebody asks, and change where they stand", async () => {
  const { page } = watched;
  const queues = rowsOf(1_000).map((index) => ({
    name: `queue-${String(index).padStart(4, "0")}`,
    ready: 1n,
    workers: 1,
    room: 1,
  }));
  const told = await tellQueues(page, queues);
  await open("task");
  const rows = page.getByRole("region", { name: "Queues" }).getByRole("row");
  await page.getByText("Showing 200 of 1,000").waitFor();
  expect(await rows.count()).toBe(201);
  const row = rows.filter({ hasText: "queue-0003" });
  const before = await row.boundingBox();
  await told.tell({
    queues: [
      { name: "queue-0003", ready: 123_456n, workers: 1, room: 1, completedPerMinute: 99_999 },
    ],
  });
  await row.getByText("123k").waitFor();
  expect(await row.boundingBox()).toEqual(before);
  await page.keyboard.press("/");
  await page.keyboard.type("queue-0999");
  await page.getByRole("button", { name: "queue-0999" }).waitFor();
  expect(await rows.count()).toBe(2);
});

test("a queue that nobody works on comes first, in words and in a shape, once it is told", async () => {
  const { page } = watched;
  const idle = { name: "a-calm-one", workers: 1, room: 1 };
  const told = await tellQueues(page, [idle, { name: "b-worse-one", workers: 1, room: 1 }]);
  await open("task");
  const rows = page.getByRole("region", { name: "Queues" }).getByRole("row");
  await rows.nth(1).getByText("a-calm-one").waitFor();
  await told.tell({ queues: [{ name: "b-worse-one", ready: 3n, oldestReadyTime: at }] });
  await rows.nth(1).getByText("b-worse-one").waitFor();
  await rows.nth(1).getByText("Nobody works").waitFor();
  expect(await rows.nth(1).locator("td svg").count()).toBeGreaterThan(0);
});

test("thousands of tasks are in the list, and only those in sight are drawn", async () => {
  const { page } = watched;
  await tellQueues(page, [{ name: "crowd", ready: 3_000n, workers: 1 }]);
  await tellTasks(
    page,
    rowsOf(3_000).map((index) => waiting(index, `kind-${index}`, { readyTime: at })),
  );
  await open("task?queue=crowd");
  await page.getByText("3,000 tasks", { exact: true }).waitFor();
  const list = page.getByRole("table", { name: "Tasks" });
  expect(await page.locator("[data-row]").count()).toBeLessThan(80);
  await list.evaluate((table) => table.scrollTo({ top: table.scrollHeight }));
  await list.getByRole("button", { name: `kind-1, task ${taskIdOf(1)}` }).waitFor();
  expect(await page.locator("[data-row]").count()).toBeLessThan(80);
  expect(await offencesOn(page)).toEqual([]);
});

test("while somebody reads, no row moves, and newer ones wait until they are asked for", async () => {
  const { page } = watched;
  const queue = { name: "crowd", ready: 5n, workers: 1 };
  const told = await tellQueues(page, [queue]);
  await tellTasks(page, [waiting(2, "second"), waiting(1, "first")]);
  await open("task?queue=crowd");
  const list = page.getByRole("table", { name: "Tasks" });
  const second = list.getByRole("button", { name: /^second/ });
  await second.focus();
  await page.keyboard.press("ArrowDown");
  const before = await second.boundingBox();
  await tellTasks(page, [waiting(3, "third"), waiting(2, "second"), waiting(1, "first")]);
  await told.tell({ queues: [{ ...queue, ready: 6n }] });
  const newer = page.getByRole("button", { name: "1 newer" });
  await newer.waitFor();
  expect(await second.boundingBox()).toEqual(before);
  await newer.click();
  await list.getByRole("button", { name: /^third/ }).waitFor();
});

test("hostile names are words and nothing else, wherever they stand", async () => {
  const { page, complaints } = watched;
  const settings = { paused: true, pauseReason: hostile };
  await tellQueues(page, [{ name: "crowd", ready: 1n, settings }]);
  const spec = { queue: "crowd", kind: hostile, priority: 5, labels: { [hostile]: hostile } };
  const task = waiting(1, hostile, { spec, submitter: hostile });
  await tellTasks(page, [task]);
  const said = { reason: "BAD", message: hostile };
  await tellTask(page, task, {
    explain: { summary: hostile, waits: [{ waitingFor: hostile, whoCanEndIt: hostile }] },
    steps: [{ time: at, state: TaskState.SUBMITTED, message: hostile, failure: said }],
  });
  for (const path of ["task", "task?queue=crowd", `task?task=${taskIdOf(1)}`]) {
    await open(path);
    await page.getByText("onerror").first().waitFor();
    expect(await page.title()).not.toBe("taken");
    expect([path, await page.evaluate(beyondTheEdge)]).toEqual([path, []]);
  }
  expect((await notedInside(page)).violations).toEqual([]);
  expect(complaints).toEqual([]);
});

test("an explanation names all waits, who can end each, and what each worker lacks", async () => {
  const { page } = watched;
  const task = waiting(1, "scan");
  await tellTask(page, task, {
    explain: {
      summary: "It waits for the queue crowd, which is paused.",
      waits: [
        {
          waitingFor: "the queue crowd, which is paused",
          whoCanEndIt: "an admin",
          command: "foedus task resume crowd",
        },
        { waitingFor: "3 tasks whose turns come first", whoCanEndIt: "workers, in turn" },
      ],
      candidates: [
        { nodeId: "node_1", worker: "one", fits: true, obstacles: ["at its 4 tasks"] },
        { nodeId: "node_2", worker: "two", obstacles: ["does not offer ocr"] },
      ],
      before: 3n,
      beforeByPriority: 2n,
      expected: { seconds: 90n },
    },
    steps: [],
  });
  await open(`task?task=${taskIdOf(1)}`);
  await page.getByText("an admin can end it:").waitFor();
  await page.getByText("npx foedus task resume crowd").waitFor();
  await page.getByText("Waiting for 3 tasks whose turns come first").waitFor();
  await page.getByText(/^Of the 3 before it, 2 are more urgent\..* 1 min 30 s\.$/u).waitFor();
  const rows = page.getByRole("region", { name: "Who could take it" }).getByRole("row");
  await rows.filter({ hasText: "at its 4 tasks" }).getByText("Yes", { exact: true }).waitFor();
  await rows.filter({ hasText: "does not offer ocr" }).getByText("No", { exact: true }).waitFor();
  expect(await offencesOn(page)).toEqual([]);
});

test("a task that is held for the parent, or is handed up to it, says so", async () => {
  const { page } = watched;
  const above = taskIdOf(9);
  const held = waiting(1, "scan", { submitter: `parent/${above}` });
  const summary = `This hub holds it for its parent, where it is ${above}. Its turn is next.`;
  await tellTask(page, held, { explain: { summary }, steps: [] });
  await open(`task?task=${taskIdOf(1)}`);
  await page.getByText("Held for the parent", { exact: true }).waitFor();
  await page.getByText(summary).waitFor();
  const attempt = { number: 1, nodeId: `hub_${"0".repeat(26)}`, worker: "parent" };
  const up = waiting(1, "scan", { state: TaskState.WORKING, attempt });
  const wait = "a worker of crowd that can do it: none is connected";
  const there = {
    waitingFor: `at the parent: ${wait}`,
    whoCanEndIt: "whoever runs workers",
    command: "foedus task workers --queue crowd  # at the parent",
  };
  const said = `It is handed up to the parent as ${above}. There: It waits for ${wait}.`;
  await tellTask(page, up, { explain: { summary: said, waits: [there] }, steps: [] });
  await open(`task?task=${taskIdOf(1)}`);
  await page.getByText("Handed up to the parent", { exact: true }).waitFor();
  await page.getByText(said).waitFor();
  await page.getByText("whoever runs workers can end it:").waitFor();
  await page.getByText("npx foedus task workers --queue crowd  # at the parent").waitFor();
  expect(await page.getByText(/^Waiting for/).count()).toBe(0);
  expect(await offencesOn(page)).toEqual([]);
});

test("a task goes on over a connection that breaks, from where it was", async () => {
  const { page } = watched;
  const task = waiting(1, "scan");
  const told = await tellTask(page, task, { explain: { summary: "It waits." }, steps: [] });
  await open(`task?task=${taskIdOf(1)}`);
  await page.getByText("Ready", { exact: true }).first().waitFor();
  await told.cut();
  await page.getByText("Live", { exact: true }).first().waitFor();
  await told.tell({ task: { ...task, state: TaskState.WORKING, revision: 2n } });
  await page.getByText("Working", { exact: true }).first().waitFor();
});

test("a payload that is no text is not shown but can be saved, and much of it is cut", async () => {
  const { page } = watched;
  const body = new Uint8Array([137, 80, 78, 71, 0, 255]);
  const text = new TextEncoder().encode("long line\n".repeat(10_000));
  const task = waiting(1, "draw", {
    state: TaskState.COMPLETED,
    spec: { queue: "crowd", kind: "draw", payload: { contentType: "image/png", body } },
    result: { contentType: "text/plain", body: text },
    endTime: timestampFromMs(1_795_279_152_687 + hour),
  });
  await tellTask(page, task, { explain: { summary: "It is done." }, steps: [] });
  await open(`task?task=${taskIdOf(1)}`);
  await page.getByText(/^Not text this page can show/).waitFor();
  await page.getByText("image/png, 6 B").waitFor();
  await page.getByText("cut here, whole when saved").waitFor();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save" }).first().click();
  expect((await saved).suggestedFilename()).toBe(`${taskIdOf(1)}-payload.png`);
});

test("an observer sees who waits and why, no payload, and why nothing can be done", async () => {
  const { page } = watched;
  const person = { id: "watcher", name: "Watcher", role: Role.OBSERVER };
  const session = "foedus.person.v1.PersonService/GetSession";
  const who = { person, tenant: "main", trustDomain: "foedus.test" };
  await answer(page, session, GetSessionResponseSchema, who);
  await tellQueues(page, [{ name: "crowd", ready: 1n }]);
  await tellTasks(page, [waiting(1, "scan")]);
  await tellTask(page, waiting(1, "scan"), { explain: { summary: "It waits." }, steps: [] });
  const refused = async (name: string, why: RegExp) => {
    const button = page.locator("#main").getByRole("button", { name, exact: true }).first();
    await button.focus();
    expect(await button.getAttribute("aria-disabled")).toBe("true");
    await page.getByRole("tooltip").filter({ visible: true }).getByText(why).waitFor();
    await page.keyboard.press("Enter");
    expect(await page.getByRole("dialog").count()).toBe(0);
  };
  await open("task?queue=crowd");
  await page.getByRole("table", { name: "Tasks" }).getByText("scan").first().waitFor();
  await refused("Submit a task", /needs the role member; you are an observer/);
  await refused("Pause", /needs the role admin; you are an observer/);
  await refused("Limit the rate", /needs the role admin/);
  await refused("Cancel", /needs the role member/);
  await open(`task?task=${taskIdOf(1)}`);
  await page.getByText(/^Payloads and results are shown to members and admins/).waitFor();
  await refused("Cancel", /needs the role member/);
});

test("while the hub is away the page says so, keeps what it knows, and goes on by itself", async () => {
  const { page } = watched;
  const told = await tellQueues(page, [{ name: "crowd", ready: 7n, workers: 1 }]);
  await open("task");
  const row = page.getByRole("row").filter({ hasText: "crowd" });
  await row.getByText("7", { exact: true }).waitFor();
  await told.cut();
  await row.getByText("7", { exact: true }).waitFor();
  await page.getByText("Live", { exact: true }).first().waitFor();
  await told.tell({ queues: [{ name: "crowd", ready: 8n, workers: 1 }] });
  await row.getByText("8", { exact: true }).waitFor();
});

/** What makes the page wider than its window. */
function beyondTheEdge(): string[] {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  return [...document.querySelectorAll("*")]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
    .map((each) => `${each.tagName} ${each.getAttribute("class") ?? ""}`);
}

const widths = [1_024, 390];

test("every part fits a narrow window", async () => {
  const { page } = watched;
  const name = "a".repeat(63);
  const settings = { paused: true, pauseReason: "long ".repeat(40) };
  await tellQueues(page, [{ name, ready: 123_456n, failed: 99n, workers: 9, settings }]);
  const task = waiting(1, "k".repeat(120), { readyTime: at });
  await tellTasks(page, [task]);
  await tellTask(page, task, { explain: { summary: "w".repeat(300) }, steps: [] });
  const paths = [
    "task",
    `task?queue=${name}`,
    "task?view=tasks",
    "task?view=workers",
    "task?view=schedules",
    `task?task=${taskIdOf(1)}`,
  ];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 844 });
    for (const path of paths) {
      await open(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.getByText("Submit a task").or(page.getByText("Why it is")).first().waitFor();
      expect([width, path, await page.evaluate(beyondTheEdge)]).toEqual([width, path, []]);
    }
  }
});
