import { soundBuild } from "@foedus/kernel/simulation/build.ts";
import { soundRules } from "@foedus/kernel/sync/rules.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { runCommand } from "../../../tests/support/command.ts";
import type { CliContext } from "../context.ts";
import { printTo, type Output } from "../print.ts";
import { simulate } from "./simulate.ts";

const small = ["simulate", "--seed", "7", "--hubs", "2", "--nodes", "3"];

test("a world is run and told, and the same command tells the same", async () => {
  const [{ code, out, errors }, again] = await Promise.all([
    runCommand(small),
    runCommand([...small, "--output", "json"]),
  ]);
  expect(code).toBe(0);
  expect(errors).toContain("foedus simulate --seed 7 --hubs 2 --nodes 3 --minutes 1");
  expect(out).toMatch(/^a hub crashes +\d+$/mu);
  expect(out).toMatch(/^INV-10 +✓ +no hub/mu);
  const said = JSON.parse(again.out) as Record<string, unknown>;
  expect(said).toMatchObject({ seed: 7, hubs: 2, nodes: 3, violations: [] });
  expect(Object.values(said["invariants"] as object)).toEqual(
    Array.from({ length: 10 }, () => true),
  );
  expect(out).toContain(`${String(said["ops"])} stored, ${String(said["acked"])} acknowledged`);
});

test.each([
  ["--seed", "abc", "A seed is a whole number from 0 to 4294967295."],
  ["--seed", "4294967296", "A seed is a whole number from 0 to 4294967295."],
  ["--hubs", "33", "The number of hubs is a whole number from 1 to 32."],
  ["--nodes", "0", "The number of nodes is a whole number from 1 to 200."],
  ["--minutes", "1.5", "The number of minutes is a whole number from 1 to 60."],
])("%s %s is refused, and why", async (flag, value, why) => {
  const { code, out, errors } = await runCommand(["simulate", flag, value]);
  expect(code).toBe(2);
  expect(out).toBe("");
  expect(errors).toContain(why);
});

function said(output: Output) {
  let text = "";
  const sink = { write: (more: string) => void (text += more), colour: false };
  const print = printTo(output, sink, { write: () => undefined, colour: false });
  // What else a command is handed has no part in a world.
  const context = { world: realWorld, print } as unknown as CliContext;
  return { context, text: () => text };
}

// A receiver that does not acknowledge what brought nothing leaks credit.
const rules = { ...soundRules, acknowledges: (entries: number) => entries > 0 };
const wrong = { ...soundBuild, rules };
const size = { seed: 1, hubs: 2, nodes: 2, minutes: 1 };

test("a world that fails says by what, and with which command it is run again", async () => {
  const { context, text } = said("json");
  const command = "foedus simulate --seed 1 --hubs 2 --nodes 2 --minutes 1";
  await expect(simulate(context, size, wrong)).rejects.toThrow(command);
  const { invariants, violations } = JSON.parse(text()) as {
    invariants: Record<string, boolean>;
    violations: { invariant: string }[];
  };
  expect(invariants["INV-8"]).toBe(false);
  expect(violations[0]?.invariant).toBe("INV-8");
});

test("a failure shrinks to what it takes, be it nothing", async () => {
  const { context, text } = said("text");
  await expect(simulate(context, { ...size, shrink: true }, wrong)).rejects.toThrow("INV-8");
  expect(text()).toMatch(/^INV-8 +✗ \d+ +once nothing/mu);
  expect(text()).toContain("It fails although nothing goes wrong.");
});
