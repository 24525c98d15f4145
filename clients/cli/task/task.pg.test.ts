import { writeFileSync } from "node:fs";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand, startCommand, type CommandOptions } from "../../../tests/support/command.ts";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";

let hub: TestHub;
beforeAll(async () => (hub = await startTestHub()));
afterAll(() => hub.stop());

const foedus = (args: readonly string[], options?: CommandOptions) =>
  runCommand(["--data", hub.data, "task", ...args], options);

async function told(...args: string[]): Promise<string> {
  const { code, out, errors } = await foedus(args);
  expect({ code, errors: code === 0 ? "" : errors }).toEqual({ code: 0, errors: "" });
  return out;
}

async function json<T>(...args: string[]): Promise<T> {
  return JSON.parse(await told(...args, "--output", "json")) as T;
}

async function submitted(...args: string[]): Promise<string> {
  const { task } = await json<{ task: { id: string } }>("submit", ...args);
  return task.id;
}

/** A hold that outlasts the slowest machine. */
const patient = ["--heartbeat", "1h"];

/** Holds the next task of a queue, as a worker of a node of its own. */
async function holding(queue: string, nodeName: string) {
  const work = (await hub.node(nodeName)).client(WorkService);
  const { assignments } = await work.claimTasks({
    claimId: crypto.randomUUID(),
    worker: { name: "hands", queue, concurrency: 4 },
    count: 1,
    wait: { seconds: 20n },
  });
  const [assignment] = assignments;
  if (assignment?.hold === undefined) throw new Error(`nothing came of ${queue}`);
  const { hold } = assignment;
  const say = (said: Parameters<typeof work.reportTasks>[0]["reports"]) =>
    work.reportTasks({ reports: said ?? [] });
  return {
    id: hold.taskId,
    fail: (reason: string, isFinal: boolean) =>
      say([{ hold, said: { case: "failure", value: { reason, message: "no disk", isFinal } } }]),
    done: (body: Uint8Array) => say([{ hold, said: { case: "result", value: { body } } }]),
    progress: (fraction: number, message: string) =>
      say([{ hold, said: { case: "progress", value: { fraction, message } } }]),
  };
}

test("a task is submitted with its terms, listed and shown, to people and to programs", async () => {
  expect(await told("list", "--queue", "shown")).toContain("No task is so.");
  const terms = ["--priority", "8", "--key", "acme", "--label", "team=a", "--budget", "token=9"];
  const more = ["--need", "ocr", "--need-label", "zone=eu", "--model", "m1", "--final-on", "OOM"];
  const spans = ["--timeout", "10m", "--heartbeat", "5s", "--within", "2h", "--attempts", "3"];
  const id = await submitted("shown", "scan", "--json", '{"p":1}', ...terms, ...more, ...spans);
  const row = new RegExp(`^${id} +shown +scan +8 +(just now|.* ago) +ready$`, "m");
  expect(await told("list", "--queue", "shown", "--label", "team=a")).toMatch(row);
  const shown = await told("show", id);
  expect(shown).toMatch(/^Needs +ocr, zone=eu, model m1$/m);
  expect(shown).toMatch(/^Time-outs +an attempt 10 min, a sign of life every 5 s, in all 2 h$/m);
  expect(shown).toMatch(/^Attempts +up to 3, .*, none after OOM$/m);
  expect(shown).toMatch(/^Budget +0 of 9 token spent$/m);
  expect(shown).toMatch(/ready +person\/owner +submitted$/m);
  expect(shown).toMatch(/^Payload +7 B of application\/json\n\{\n {2}"p": 1\n\}$/m);
  const { task } = await json<{ task: Record<string, unknown> }>("show", id);
  expect(task).toMatchObject({ id, state: "TASK_STATE_SUBMITTED", spec: { fairnessKey: "acme" } });
});

test("a payload comes from a file or standard input, and what is too large is refused", async () => {
  const file = hub.folder("payload.json");
  writeFileSync(file, '{"from":"file"}');
  expect(await told("show", await submitted("fed", "a", "--file", file))).toContain(
    "of application/json",
  );
  const args = ["submit", "fed", "b", "-", "--output", "json"];
  const piped = await foedus(args, { input: "plain words" });
  const { task } = JSON.parse(piped.out) as { task: { id: string } };
  expect(await told("show", task.id)).toMatch(/^Payload +11 B of text\/plain\nplain words$/m);
  writeFileSync(file, "x".repeat(262_145));
  const large = await foedus(["submit", "fed", "c", "--file", file]);
  expect(large).toMatchObject({ code: 2 });
  expect(large.errors).toContain("a payload is at most 256 KiB");
});

test("why a task waits is explained with commands, and they end the wait", async () => {
  const first = await submitted("waits", "scan", ...patient);
  const second = await submitted("waits", "scan", "--after", first);
  const twin = await foedus(["submit", "waits", "scan", "--unique", "k", "--in", "1h"]);
  expect(twin.out).toMatch(/ is scheduled, and begins in \d+ (min|h)\.$/m);
  const again = await told("submit", "waits", "scan", "--unique", "k");
  expect(again).toContain("was there before: it has the unique key k");
  expect(await told("explain", second)).toContain(`foedus task explain ${first}`);
  expect(await told("pause", "waits", "--reason", "the disk is full")).toContain("is paused");
  const why = await told("explain", first);
  expect(why).toContain(
    "is ready. It waits for the queue waits, which is paused: the disk is full.",
  );
  expect(why).toMatch(/^With +foedus task resume waits$/m);
  expect(why).toContain("Nobody works on its queue now.");
  expect(await told("resume", "waits")).toBe(
    "waits goes on: 1 task ready, and no worker is there.\n",
  );
  const held = await holding("waits", "explainer");
  expect(held.id).toBe(first);
  const working = await told("explain", first);
  expect(working).toContain("worker hands on explainer");
  expect(working).toMatch(new RegExp(`^With +foedus task cancel ${first}$`, "m"));
  expect(await told("workers", "--queue", "nobodys")).toContain("Nobody works on nobodys now.");
  await held.done(new TextEncoder().encode("well"));
  expect(await told("explain", first)).toMatch(/ is completed\. It is done/);
  expect(await told("steps", second)).toMatch(/ready +hub +ready$/m);
});

test("a task is watched to its end, and the command ends as the task did", async () => {
  const id = await submitted("watched", "scan", ...patient);
  const watch = startCommand(["--data", hub.data, "task", "watch", id]);
  await watch.wrote("out", /ready in watched/);
  const held = await holding("watched", "watcher");
  await watch.wrote("out", /working attempt 1, by hands of watcher/);
  await held.progress(0.4, "reading");
  await watch.wrote("out", /attempt 1, by hands of watcher: 40 %, reading/);
  await held.fail("NO_DISK", true);
  expect(await watch.ended).toMatchObject({ code: 1 });
  expect(watch.out()).toContain("failed NO_DISK: no disk (1 attempt)");
  const off = await submitted("watched", "scan");
  expect(await told("cancel", off, "--reason", "no need")).toBe(`${off} is called off.\n`);
  const gone = await foedus(["watch", off]);
  expect(gone).toMatchObject({ code: 6 });
  expect(gone.out).toContain("canceled by person/owner: no need");
  const none = await foedus(["result", off]);
  expect(none).toMatchObject({ code: 1, out: "" });
  expect(none.errors).toContain("It is canceled, and has no result");
});

test("a result goes to standard output byte by byte, and progress does not", async () => {
  const submit = ["task", "submit", "awaited", "scan", "--wait", ...patient];
  const wait = startCommand(["--data", hub.data, ...submit]);
  const held = await holding("awaited", "doer");
  await held.done(new TextEncoder().encode("a\u001b[2Jb"));
  const ended = await wait.ended;
  expect(ended).toMatchObject({ code: 0, out: "a\u001b[2Jb" });
  expect(ended.errors).toMatch(/completed by hands of doer/);
  expect(await told("result", held.id)).toBe("a\u001b[2Jb");
  expect(await told("show", held.id)).toContain("a\\x1b[2Jb");
});

test("dead letters are listed with their reason, and tried again: one, or all of a queue", async () => {
  expect(await told("dead", "--queue", "dying")).toContain("No task of dying lies");
  const ids = [await submitted("dying", "a"), await submitted("dying", "b")];
  for (const name of ["killer-1", "killer-2"]) {
    await (await holding("dying", name)).fail("NO_DISK", true);
  }
  const list = await told("dead", "--queue", "dying");
  for (const id of ids)
    expect(list).toMatch(new RegExp(`^${id} .*NO_DISK: no disk \\(final\\)$`, "m"));
  const newest = await foedus(["list", "--queue", "dying", "--failed", "--last", "1"]);
  expect(newest.out.match(/failed/g)).toHaveLength(1);
  expect(newest.errors).toBe("The newest 1; for more: --last 10\n");
  const letter = await foedus(["dead", "--queue", "dying", "--last", "1"]);
  expect(letter.out.match(/NO_DISK/g)).toHaveLength(1);
  expect(letter.errors).toContain("The newest 1; for more: --last 10\n");
  const both = await foedus(["dead", "--queue", "dying", "--last", "2"]);
  expect(both.errors).not.toContain("for more");
  expect(await told("retry", ids[0] ?? "")).toBe(
    `${ids[0]} is ready again, with fresh attempts.\n`,
  );
  const alive = await foedus(["retry", ids[0] ?? ""]);
  expect(alive).toMatchObject({ code: 6 });
  expect(alive.errors).toContain("(TASK_NOT_FAILED)");
  const unsure = await foedus(["retry", "--queue", "dying", "--all"]);
  expect(unsure.errors).toContain("Trying 1 dead letter of dying again cannot be undone");
  const all = await told("retry", "--queue", "dying", "--all", "--yes");
  expect(all).toBe("1 task of dying is ready again, with fresh attempts.\n");
});

test("who failed before anybody held it says why", async () => {
  const id = await submitted("lonely", "scan", "--start-within", "1s");
  const row = new RegExp(`^${id} .* 0 +nobody +TASK_TIMED_OUT`, "m");
  await expect.poll(() => told("dead", "--queue", "lonely")).toMatch(row);
});

test("a file of tasks is taken whole, and its mistakes are named by their lines", async () => {
  const file = hub.folder("tasks.jsonl");
  writeFileSync(file, '{"kind":"a","json":1}\n{"kind":"b","dependsOn":["#0"]}\n');
  const batch = ["submit", "batch", "--batch", file, "--priority", "9"];
  const { submitted: taken } = await json<{ submitted: { taskId: string }[] }>(...batch);
  expect(taken).toHaveLength(2);
  const shown = await told("show", taken[1]?.taskId ?? "");
  expect(shown).toContain(`waits for ${taken[0]?.taskId}`);
  expect(shown).toMatch(/^Priority +9$/m);
  writeFileSync(file, '{"kind":"a"}\nnope\n{"kind":"b","labels":{"":"x"}}\n');
  const wrong = await foedus(["submit", "batch", "--batch", file]);
  expect(wrong).toMatchObject({ code: 2, out: "" });
  expect(wrong.errors).toMatch(/^line 2: it is no JSON/m);
  expect(wrong.errors).toContain("1 line of");
  writeFileSync(file, '{"kind":"a"}\n\n{"kind":"b","labels":{"":"x"}}\n');
  const late = await foedus(["submit", "batch", "--batch", file]);
  expect(late.errors).toContain('line 3: labels[""]: must be at least 1 character');
  const { tasks } = await json<{ tasks: unknown[] }>("list", "--queue", "batch");
  expect(tasks).toHaveLength(2);
});

test("a file of tasks is waited for: each is told as it ends, and the exit code says of all", async () => {
  const file = hub.folder("waited.jsonl");
  const lines = (...all: object[]) =>
    writeFileSync(file, all.map((each) => `${JSON.stringify(each)}\n`).join(""));
  const submit = ["--data", hub.data, "task", "submit", "all", "--batch", file, "--wait"];
  const wait = (...more: string[]) => startCommand([...submit, ...patient, ...more]);
  lines({ kind: "a" }, { kind: "b", dependsOn: ["#0"] }, { kind: "c", uniqueKey: "one" });
  const all = wait();
  await all.wrote("errors", /^3 tasks\. Each is told as it ends\.$/m);
  const first = await holding("all", "batch-1");
  await first.done(new TextEncoder().encode('{"n":1}'));
  const place = /^#(\d) (task_\w+) completed \{"n":1\}$/m;
  await all.wrote("out", place);
  expect(place.exec(all.out())?.[2]).toBe(first.id);
  await (await holding("all", "batch-2")).done(new Uint8Array([0, 1, 2]));
  await all.wrote("out", /^#\d task_\w+ completed 3 B: foedus task result task_\w+$/m);
  await (await holding("all", "batch-3")).done(new Uint8Array());
  const ended = await all.ended;
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.out.match(/^#[012] /gm)?.toSorted((a, b) => a.localeCompare(b))).toEqual([
    "#0 ",
    "#1 ",
    "#2 ",
  ]);
  expect(ended.errors).toContain("3 tasks: 3 completed.\n");

  lines({ kind: "a" }, { kind: "b", dependsOn: ["#0"] });
  const bad = wait("--output", "json");
  await (await holding("all", "batch-4")).fail("NO_DISK", true);
  const failed = await bad.ended;
  expect(failed).toMatchObject({ code: 1 });
  const states = failed.out.trim().split("\n");
  expect(states.map((line) => (JSON.parse(line) as { state: string }).state)).toEqual([
    "TASK_STATE_FAILED",
    "TASK_STATE_CANCELED",
  ]);

  lines({ kind: "a", startTime: "2999-01-01T00:00:00Z" });
  expect((await wait().ended).code).toBe(2);
  lines({ kind: "later" });
  const off = wait("--in", "1h");
  await off.wrote("errors", /^1 task\. Each/m);
  const { tasks } = await json<{ tasks: { id: string }[] }>("list", "--kind", "later");
  await told("cancel", tasks[0]?.id ?? "");
  expect(await off.ended).toMatchObject({ code: 6 });
  expect(off.out()).toMatch(/^#0 task_\w+ canceled by person\/owner$/m);
});

test("a queue is shown by priority and key, and set one thing at a time", async () => {
  await submitted("set", "a", "--priority", "9", "--key", "acme");
  await submitted("set", "b");
  expect(await told("rate", "set", "60/min", "--burst", "5")).toContain("at 60 a minute at most");
  await told("rate", "limited", "60/min");
  expect(await told("queues")).toMatch(/^limited +0 .* at most 60\/min$/m);
  expect(await told("weight", "set", "acme=2", "b=0.5")).toContain("acme=2, b=0.5");
  expect(await told("weight", "set", "b=1")).toContain("acme=2, b=1;");
  await told("defaults", "set", "--timeout", "10m", "--attempts", "2", "--depth", "3");
  expect(await told("defaults", "set", "--heartbeat", "5s")).toContain("a sign of life every 5 s");
  const shown = await told("queue", "set");
  for (const line of [
    /^State +waits for workers$/m,
    /^Rate +60 a minute, 5 at once after a pause$/m,
    /^An attempt +10 min$/m,
    /^Sign of life +5 s$/m,
    /^Attempts +2$/m,
    /^Takes at most +3$/m,
    /^9 +1 +256 /m,
    /^acme +1 +2 /m,
  ]) {
    expect(shown).toMatch(line);
  }
  expect(await told("queues")).toMatch(/^set +2 .* none +waits for workers$/m);
  expect(await told("rate", "set", "none")).toContain("without a limit");
});

test("a queue that is full says who lets it take more", async () => {
  await told("defaults", "full", "--depth", "1");
  await submitted("full", "c");
  const full = await foedus(["submit", "full", "d"]);
  expect(full.errors).toContain("(TASK_QUEUE_FULL)");
  expect(full.errors).toContain("foedus task defaults full --depth N");
});

test("queues are watched: all of them, then what changes", async () => {
  await submitted("moving", "a");
  const watch = startCommand(["--data", hub.data, "task", "queues", "--watch"]);
  await watch.wrote("errors", /queues?\. Waiting for changes/);
  await submitted("moving", "b");
  await watch.wrote("out", /moving 2 ready, the oldest for .*, 0 working/);
  watch.child.kill("SIGINT");
  expect(await watch.ended).toMatchObject({ code: 130 });
});

test("a schedule is set with its next times, listed, paused, resumed and deleted", async () => {
  expect(await told("schedule")).toContain("There is no schedule.");
  const when = ["--cron", "30 2 * * *", "--zone", "Europe/Berlin", "--skip-if-running"];
  const set = await told("schedule", "set", "nightly", "scans", "scan", ...when);
  expect(set.match(/^ {2}\d{4}-\d\d-\d\d 0[23]:\d\d \+0[12]:00 {2}\d{4}-.*Z/gm)).toHaveLength(5);
  expect(await told("schedules")).toMatch(/^nightly +30 2 \* \* \* +Europe\/Berlin +scans +scan /m);
  expect(await told("schedule", "pause", "nightly")).toContain("is paused: it submits nothing");
  expect(await told("schedule", "resume", "nightly")).toContain("its next times:");
  expect(await told("schedule", "delete", "nightly")).toContain("nightly has ended.");
  const gone = await foedus(["schedule", "pause", "nightly"]);
  expect(gone).toMatchObject({ code: 3 });
  expect(gone.errors).toContain("foedus task schedules");
  const never = await foedus(["schedule", "set", "n", "scans", "scan", "--cron", "0 0 30 2 *"]);
  expect(never).toMatchObject({ code: 2 });
  expect(never.errors).toContain("(TASK_CRON_NEVER)");
});

test.each([
  [["submit"], 2, "say the queue and the kind"],
  [["submit", "a", "b", "c"], 2, "- for standard input"],
  [["submit", "a", "b", "--json", "{"], 2, "what --json holds is no JSON"],
  [["submit", "a", "b", "--at", "2999-01-01T00:00Z"], 2, "more than 366 days away"],
  [["submit", "a", "b", "--in", "1m", "--at", "2999-01-01T00:00Z"], 2, "--at and --in both"],
  [["submit", "a", "b", "--attempts", "2000"], 2, "--attempts: "],
  [["submit", "a", "b", "--heartbeat", "2h"], 2, "--heartbeat is from 1 s to 1 h"],
  [["defaults", "a", "--timeout", "400d"], 2, "--timeout is from 0 to 366 days"],
  [["submit", "a", "b", "--node", "nobody"], 3, "there is no node nobody here"],
  [["show", `task_${"0".repeat(26)}`], 3, "foedus task list"],
  [["queue", "none"], 3, "foedus task queues"],
  [["retry"], 2, "name the task"],
  [["weight", "a"], 2, "say what keys weigh"],
  [["rate", "a", "none", "--burst", "2"], 2, "--burst needs a rate"],
])("%j ends with %i and says what to do", async (args, code, words) => {
  const ended = await foedus(args);
  expect(ended).toMatchObject({ code, out: "" });
  expect(ended.errors).toContain(words);
  expect(ended.errors).toContain("To mend it: ");
});
