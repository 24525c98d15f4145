import { readdirSync, readFileSync } from "node:fs";
import { Command } from "commander";
import { allReasons, explanationOf, reasonName } from "@foedus/kernel/fault.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { openContext } from "../context.ts";
import { openInterrupts } from "../interrupt.ts";
import { register } from "./task.ts";

const root = new URL("../../../", import.meta.url);

function program(): Command {
  const made = new Command("foedus");
  const options = () => ({ output: "text", color: "never" }) as const;
  const interrupts = openInterrupts(realWorld.clock);
  register(made, openContext({ world: realWorld, environment: {}, interrupts, options }));
  return made;
}

const everywhere = ["--data", "--context", "--output", "--color", "--help"];
const named = /foedus (task(?: [^\s`",;.)]+)+)/gu;

/** The first word of a command line that nothing answers to; undefined when all is well. */
function unknownWord(line: string): string | undefined {
  let at = program();
  const words = (line.split(" -- ")[0] ?? "").split(" ").filter((word) => word !== "");
  for (const word of words) {
    const next = at.commands.find((command) => command.name() === word);
    if (next !== undefined) at = next;
    else if (word.startsWith("--")) {
      const known = [...everywhere, ...at.options.map(({ long }) => long ?? "")];
      if (!known.includes(word)) return word;
    } else if (at.commands.length > 0) return word;
  }
  return undefined;
}

/** Every command about tasks that a text names. */
function linesIn(text: string): string[] {
  return [...text.matchAll(named)].flatMap(([, line]) => line ?? []);
}

test("every fix that names a command of tasks names one that exists", () => {
  const lines = allReasons().flatMap((reason) =>
    linesIn(explanationOf(reason).fix).map((line) => [reasonName(reason), line] as const),
  );
  expect(lines.length).toBeGreaterThan(8);
  for (const [reason, line] of lines)
    expect([reason, unknownWord(line)]).toEqual([reason, undefined]);
});

test("every command that the hub names in an explanation exists", () => {
  const folder = new URL("server/capabilities/task/", root);
  const files = readdirSync(folder).filter((name) => /^explain.*\.ts$/u.test(name));
  const lines = files.flatMap((name) => linesIn(readFileSync(new URL(name, folder), "utf8")));
  const exact = ["explain", "cancel", "retry", "resume", "queue", "workers --queue"];
  for (const form of exact) expect(lines.join("\n")).toContain(`task ${form}`);
  for (const line of lines) expect([line, unknownWord(line)]).toEqual([line, undefined]);
});

test("every command that the documentation of tasks names exists", () => {
  const lines = linesIn(readFileSync(new URL("docs/tasks.md", root), "utf8"));
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines) expect([line, unknownWord(line)]).toEqual([line, undefined]);
});

test("a command that does not exist is found", () => {
  expect(unknownWord("task explian ID")).toBe("explian");
  expect(unknownWord("task workers --queu x")).toBe("--queu");
  expect(unknownWord("task schedule sett x")).toBe("sett");
});

test("each command says what it does and what it takes", () => {
  const walk = (command: Command): Command[] => [command, ...command.commands.flatMap(walk)];
  const [task] = program().commands;
  const all = task === undefined ? [] : walk(task);
  expect(all.length).toBeGreaterThan(20);
  for (const command of all) {
    expect(command.description()).toMatch(/^[A-Z].*\.$/u);
    for (const { description } of [...command.options, ...command.registeredArguments]) {
      expect([command.name(), description]).toEqual([
        command.name(),
        expect.stringMatching(/^[^A-Z].*[^.]$/u),
      ]);
    }
  }
});
