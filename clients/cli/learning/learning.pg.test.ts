import { NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../../../tests/support/command.ts";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";

let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.stop());

async function told(...args: string[]): Promise<string> {
  const { code, out, errors } = await runCommand(["--data", hub.data, "learning", ...args]);
  expect(errors).not.toContain("To mend it");
  expect(code).toBe(0);
  return out;
}

test("before the first cycle each list says what to do, and a cycle shows what came of it", async () => {
  expect(await told("status")).toContain("Run one now: foedus learning run");
  expect(await told("cycles")).toContain("No cycle has run yet.");
  expect(await told("trust")).toContain("foedus learning run");
  const node = await hub.node("web");
  await node.register({ kind: NodeKind.INSTANCE, project: "web" });
  expect(await told("run")).toContain("No node has a score yet; 1 node unknown.");
  expect(await told("status")).toMatch(/^Nodes +0 with a score, 1 unknown$/m);
  expect(await told("trust")).toMatch(/^web +unknown/m);
  expect(await told("explain", "web")).toContain("it takes 3");
  const history = await told("history", "web");
  const [cycle = ""] = /cyc_\w+/.exec(history) ?? [];
  expect(await told("explain", "web", "--cycle", cycle)).toContain("it takes 3");
  expect(await told("level", "web", "verified", "--reason", "we met")).toContain(
    "web is verified.",
  );
  const cycles = JSON.parse(await told("cycles", "--output", "json")) as { cycles: unknown[] };
  expect(cycles.cycles).toHaveLength(1);
});

test("a cycle that is not there is not explained by another one", async () => {
  const explain = async (cycle: string) => {
    const args = ["--data", hub.data, "learning", "explain", "web", "--cycle", cycle];
    return await runCommand(args);
  };
  const old = await explain(`cyc_${"0".repeat(26)}`);
  expect(old.code).not.toBe(0);
  expect(old.errors).toContain("is not kept any more; the next one that is: cyc_");
  expect((await explain("cyc_1")).errors).toContain("there is no cycle cyc_1");
});

test("a level that is earned cannot be given", async () => {
  const args = ["--data", hub.data, "learning", "level", "web", "trusted", "--reason", "x"];
  const { code, errors } = await runCommand(args);
  expect(code).not.toBe(0);
  expect(errors).toContain("A level is basic, verified or partner.");
});
