import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { isBroken, run, type RunOptions } from "./run.ts";

const { PATH = "" } = process.env;

function started(program: string, env: Readonly<Record<string, string>> = {}) {
  const options: RunOptions = {
    world: realWorld,
    input: new Uint8Array(),
    env: { PATH, ...env },
    signal: new AbortController().signal,
    complains: () => undefined,
    progresses: () => undefined,
  };
  return run({ program, args: ["-c", 'printf %s "$FOEDUS_TASK_TYPE"'] }, options);
}

test("a type with a NUL in it keeps no command from its task", async () => {
  const { code, output } = await started("sh", { FOEDUS_TASK_TYPE: "text/\0plain" });
  expect([code, new TextDecoder().decode(output)]).toEqual([0, "text/plain"]);
});

test("only a command that is not there, or is no command, is broken", async () => {
  for (const program of ["./nonesuch", import.meta.dirname, `${import.meta.filename}/sh`]) {
    expect(isBroken(await started(program).catch((error: unknown) => error))).toBe(true);
  }
  expect(isBroken(await started("s\0h").catch((error: unknown) => error))).toBe(false);
});
