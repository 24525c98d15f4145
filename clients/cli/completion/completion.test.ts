import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { runCommand } from "../../../tests/support/command.ts";
import { shells } from "./scripts.ts";

async function after(...words: string[]): Promise<string[]> {
  const { code, out } = await runCommand(["completion", "words", "--", ...words]);
  expect(code).toBe(0);
  return out.split("\n").filter((word) => word !== "");
}

test.each([
  [["no"], ["node"]],
  [["tok"], ["token"]],
  [
    ["token", ""],
    ["create", "list", "cancel"],
  ],
  [
    ["token", "c"],
    ["create", "cancel"],
  ],
  [["token", "create", "--r"], ["--role"]],
  [
    ["token", "create", "--role", ""],
    ["observer", "member", "admin"],
  ],
  [["node", "list", "--output", "j"], ["json"]],
  [["--c"], ["--context", "--color"]],
  [["token", "create", "--name", ""], []],
  [["nonsense", ""], []],
])("after %j comes %j", async (words, found) => {
  expect(await after(...words)).toEqual(found);
});

test("every noun is offered first", async () => {
  expect(await after("")).toEqual(expect.arrayContaining(["token", "access", "hub", "doctor"]));
});

test.each(shells)("what %s is told is a script that it understands", async (shell) => {
  const { code, out } = await runCommand(["completion", shell]);
  expect(code).toBe(0);
  expect(out).toContain("foedus completion");
  if (shell !== "bash") return;
  const checked = spawnSync("bash", ["-n"], { input: out, encoding: "utf8" });
  expect(checked).toMatchObject({ status: 0, stderr: "" });
});

test("bash completes a noun and a verb", async () => {
  const { out: script } = await runCommand(["completion", "bash"]);
  const bin = new URL("../foedus.mjs", import.meta.url).pathname;
  const ask = `${script}
foedus() { "${process.execPath}" "${bin}" "$@"; }
COMP_WORDS=(foedus token cr) COMP_CWORD=2
_foedus
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", ask], { encoding: "utf8" });
  expect({ stdout, stderr }).toEqual({ stdout: "create\n", stderr: "" });
});
