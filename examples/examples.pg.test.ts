import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { testHub } from "../tests/support/federated.ts";

const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});

function run(name: string, env: Record<string, string>): ChildProcess {
  const script = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.add(child);
  return child;
}

test("the examples do what they say", async () => {
  const hub = await testHub();
  const { secret: token, invitation } = await hub.session().token("example");
  const folder = hub.folder("example");
  const env = { FOEDUS_NODE: folder, FOEDUS_INVITATION: invitation, FOEDUS_TOKEN: token };
  const publishing = run("publish.ts", env);
  const lines = createInterface({ input: publishing.stdout ?? process.stdin });
  const told: unknown[] = await once(lines, "line");
  expect(told[0]).toMatch(/^example told event main\/\d+\/1$/);
  expect(await once(publishing, "exit")).toEqual([0, null]);
  const hearing = run("subscribe.ts", { FOEDUS_NODE: folder });
  for await (const line of createInterface({ input: hearing.stdout ?? process.stdin })) {
    expect(line).not.toMatch(/forgery|gap/);
    if (line.includes("telemetry_sync from spiffe://foedus.local/tenant/main/node/")) break;
  }
  hearing.kill("SIGINT");
  expect(await once(hearing, "exit")).toEqual([0, null]);
  const looking = run("agent.ts", { FOEDUS_NODE: folder });
  const seen: unknown[] = await once(
    createInterface({ input: looking.stdout ?? process.stdin }),
    "line",
  );
  expect(seen[0]).toMatch(/^spiffe:.*\/agent\/summariser sees example$/);
  expect(await once(looking, "exit")).toEqual([0, null]);
});

test("a worker and a submitter do what they say, and the worker drains", async () => {
  const hub = await testHub();
  const worker = await hub.join("worker");
  const { secret: token, invitation } = await hub.session().token("asker");
  const working = run("worker.ts", { FOEDUS_NODE: worker });
  const env = { FOEDUS_INVITATION: invitation, FOEDUS_TOKEN: token };
  const asking = run("submit.ts", { ...env, FOEDUS_NODE: hub.folder("asker") });
  const lines: string[] = [];
  for await (const line of createInterface({ input: asking.stdout ?? process.stdin })) {
    lines.push(line);
  }
  expect(lines).toEqual([
    'count-words: {"words":4}, done by typescript-worker',
    expect.stringMatching(/^sha256: \{"sha256":"[0-9a-f]{64}"\}, done by typescript-worker$/),
  ]);
  working.kill("SIGTERM");
  expect(await once(working, "exit")).toEqual([0, null]);
});
