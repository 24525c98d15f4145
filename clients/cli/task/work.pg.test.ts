import { existsSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand, startCommand } from "../../../tests/support/command.ts";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";

let hub: TestHub;
beforeAll(async () => (hub = await startTestHub()));
afterAll(() => hub.stop());

const foedus = (...args: string[]) => runCommand(["--data", hub.data, "task", ...args]);

/** A worker of a node of its own that runs a line of shell. */
async function worker(name: string, queue: string, script: string, ...options: string[]) {
  const folder = await hub.join(name);
  const args = ["task", "work", queue, "--data", folder, ...options, "--", "sh", "-c", script];
  const started = startCommand(args);
  await started.wrote("errors", /connected to/);
  return started;
}

test("a command does tasks: payload in, result out, and each exit code has its meaning", async () => {
  const script = `case $FOEDUS_TASK_KIND in
    echo) cat; printf " %s" "$FOEDUS_TASK_QUEUE $FOEDUS_TASK_ATTEMPT $FOEDUS_TASK_TYPE";;
    data) echo "no such column" >&2; exit 65;;
    later) test "$FOEDUS_TASK_ATTEMPT" = 2 || exit 75;;
    other) exit 3;;
    deaf) head -c 1000000 /dev/zero;;
  esac`;
  const running = await worker("shell", "shell", script, "--concurrency", "4");
  const wait = (...args: string[]) => foedus("submit", "shell", ...args, "--wait");
  const echo = await wait("echo", "--text", "hello");
  expect(echo).toMatchObject({ code: 0, out: "hello shell 1 text/plain" });
  const data = await wait("data");
  expect(data).toMatchObject({ code: 1, out: "" });
  expect(data.errors).toContain("EXIT_65: no such column (1 attempt)");
  const later = await wait("later", "--retry-in", "100ms");
  expect(later).toMatchObject({ code: 0 });
  expect(later.errors).toContain("TEMPORARY: it ended with 75");
  const other = await wait("other", "--attempts", "2", "--retry-in", "100ms");
  expect(other.errors).toContain("EXIT_3: it ended with 3 (2 attempts)");
  const final = await wait("other", "--final-on", "EXIT_3");
  expect(final.errors).toContain("(1 attempt)");
  const large = await wait("deaf", "--text", "nobody reads this");
  expect(large.errors).toContain("RESULT_TOO_LARGE: it wrote 1000000 bytes");
  const seen = () => foedus("workers", "--queue", "shell");
  const row = /^worker-\w+ +shell +shell +all kinds .* 0 of 4 +2 /m;
  await expect.poll(async () => (await seen()).out).toMatch(row);
  const node = () => runCommand(["--data", hub.data, "node", "show", "shell"]);
  const standing = /^State +online$[^]*^Works on +shell \(0 of 4\)$/m;
  await expect.poll(async () => (await node()).out).toMatch(standing);
  running.child.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(running.errors()).toMatch(/2 tasks done, 6 attempts failed\./);
});

test("a command is told to stop when its task is called off", async () => {
  const started = hub.folder("started");
  const script = `trap 'echo told to stop >&2; exit 1' TERM; touch ${started}; while :; do sleep 0.1; done`;
  const running = await worker("stopped", "stopped", script);
  const { out } = await foedus("submit", "stopped", "a", "--output", "json");
  const { task } = JSON.parse(out) as { task: { id: string } };
  await expect.poll(() => existsSync(started)).toBe(true);
  await foedus("cancel", task.id, "--reason", "enough");
  await running.wrote("out", /stopped: enough/);
  expect(running.errors()).toContain("told to stop");
  expect(await foedus("watch", task.id)).toMatchObject({ code: 6 });
  running.child.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
});

test("a command says how far it is by a line of its standard error", async () => {
  const go = hub.folder("progressed");
  const script = `echo 'first words' >&2
    echo 'foedus:progress 0.5 half way' >&2
    while ! test -e ${go}; do sleep 0.05; done
    echo 'foedus:progress 0.9' >&2; echo 'no such column' >&2; exit 65`;
  const running = await worker("progress", "progress", script);
  const { out } = await foedus("submit", "progress", "a", "--output", "json");
  const { task } = JSON.parse(out) as { task: { id: string } };
  const shown = async () => (await foedus("show", task.id, "--output", "json")).out;
  const progress = { fraction: 0.5, message: "half way" };
  const attempt = { attempt: { progress } };
  await expect
    .poll(async () => JSON.parse(await shown()) as unknown)
    .toMatchObject({ task: attempt });
  writeFileSync(go, "");
  await running.wrote("out", /failed after/);
  expect((await foedus("watch", task.id)).code).toBe(1);
  const message = "first words\nno such column";
  const failed = { task: { attempt: { failure: { reason: "EXIT_65", message } } } };
  expect(JSON.parse(await shown())).toMatchObject(failed);
  expect(running.errors()).not.toContain("foedus:progress");
  running.child.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
});

test("whoever drains finishes what is underway, and takes nothing new", async () => {
  const [started, go] = [hub.folder("underway"), hub.folder("go")];
  const script = `touch ${started}; while ! test -e ${go}; do sleep 0.05; done; echo whole`;
  const running = await worker("drained", "drained", script);
  const wait = startCommand(["--data", hub.data, "task", "submit", "drained", "a", "--wait"]);
  await expect.poll(() => existsSync(started)).toBe(true);
  // Whoever signals a whole group passes one Ctrl-C on twice.
  running.child.kill("SIGINT");
  running.child.kill("SIGTERM");
  await running.wrote("errors", /Draining: 1 task may finish/);
  await foedus("submit", "drained", "b");
  writeFileSync(go, "");
  expect(await wait.ended).toMatchObject({ code: 0, out: "whole\n" });
  expect(await running.ended).toMatchObject({ code: 0 });
  expect((await foedus("list", "--queue", "drained", "--state", "ready")).out).toMatch(/ b /);
});

test("a command that cannot be run gives its task back undone, and says so", async () => {
  const folder = await hub.join("broken");
  await foedus("submit", "broken", "a");
  const ended = await runCommand(["task", "work", "broken", "--data", folder, "--", "./nonesuch"]);
  expect(ended).toMatchObject({ code: 2 });
  expect(ended.errors).toContain("./nonesuch cannot be run: spawn ./nonesuch ENOENT");
  expect((await foedus("list", "--queue", "broken", "--state", "ready")).out).toMatch(/ a /);
});

test("a folder that never joined is no worker", async () => {
  const ended = await runCommand(["task", "work", "a", "--data", hub.folder("none"), "--", "cat"]);
  expect(ended).toMatchObject({ code: 6 });
  expect(ended.errors).toContain("(NOT_JOINED)");
});
