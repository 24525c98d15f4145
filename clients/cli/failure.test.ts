import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { allReasons, Fault, reasonName } from "@foedus/kernel/fault.ts";
import { FoedusError } from "@foedus/sdk/error.ts";
import { failureLines, failureOf } from "./failure.ts";
import { paintWith } from "./paint.ts";

const plain = paintWith(false);

async function linesOf(thrown: unknown): Promise<string[]> {
  const failure = await failureOf(thrown);
  return failure === undefined ? [] : failureLines(failure).map((pieces) => plain(...pieces));
}

test.each(allReasons().map((reason) => [reasonName(reason), reason] as const))(
  "%s is told in three lines: what, why, and what mends it",
  async (name, reason) => {
    const lines = await linesOf(new Fault(reason));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^foedus: .+[.!?…]$/);
    expect(lines[1]).toMatch(/^Why: .+[.!?…]$/);
    expect(lines[2]).toMatch(/^To mend it: .+/);
    expect(lines[2]?.endsWith(` (${name})`)).toBe(true);
  },
);

test("a remedy names what the failure is about", async () => {
  const facts = { folder: ".foedus", pid: 7, command: "foedus", since: "now" };
  const [, , fix] = await linesOf(new Fault(Reason.DATA_FOLDER_HELD, facts));
  expect(fix).toContain("`kill 7`");
});

test.each([
  ["node nobody", "foedus node list"],
  ["wish to join 1111", "foedus access requests"],
  ["rule about nobody", "foedus access rules"],
  ["peer a.test", "foedus peer list"],
  ["tenant acme", "foedus tenant list"],
])("whoever asks for a %s that is not there is sent to the right list", async (object, list) => {
  const [, , fix] = await linesOf(new Fault(Reason.NOT_FOUND, { object }));
  expect(fix).toContain(`\`${list}\``);
});

test("what a call threw is found under what carried it", async () => {
  const told = new FoedusError(Reason.NAME_TAKEN, { name: "web", node_id: "node_1" });
  const [what] = await linesOf(ConnectError.from(told));
  expect(what).toBe("foedus: the name web belongs to node_1.");
});

test("a connection that breaks is a hub out of reach", async () => {
  const failure = await failureOf(new ConnectError("connect ECONNREFUSED", Code.Unavailable));
  expect(failure?.reason).toBe(Reason.HUB_UNREACHABLE);
});

test("a defect is not dressed up as anything else", async () => {
  expect(await failureOf(new TypeError("x is not a function"))).toBeUndefined();
});

test("what a hub says is harmless on a terminal", async () => {
  const [what] = await linesOf(new Fault(Reason.NOT_FOUND, { object: "\u001b[2J\u202e" }));
  expect(what).toBe("foedus: there is no \\x1b[2J\\u{202e} here.");
});
