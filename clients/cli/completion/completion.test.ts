import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCommand } from "../../../tests/support/command.ts";
import { program } from "../../../tests/support/operator.ts";
import { shells } from "./scripts.ts";

const timeout = 20_000;

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
  [["--data", "/tmp/x", "access", "mo"], ["mode"]],
  [
    ["access", "mode", ""],
    ["open", "approval", "invite"],
  ],
  [
    ["learning", "level", "web", ""],
    ["basic", "verified", "partner"],
  ],
  [["learning", "level", ""], []],
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

/** A PATH with `foedus` on it. */
function pathWithFoedus(): string {
  const folder = mkdtempSync(join(tmpdir(), "foedus-completion-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const bin = new URL("../foedus.mjs", import.meta.url).pathname;
  program(folder, "foedus", `exec "${process.execPath}" "${bin}" "$@"`);
  return `${folder}:${process.env.PATH}`;
}

/** Whether a shell is installed here; where it is not, its test says so by being skipped. */
function has(shell: string): boolean {
  return spawnSync(shell, ["--version"]).error === undefined;
}

test.skipIf(!has("fish"))("fish completes verbs, words and files", () => {
  const env = { ...process.env, PATH: pathWithFoedus() };
  const found = (typed: string) => {
    const ask = `foedus completion fish | source; complete -C '${typed}'`;
    return spawnSync("fish", ["-c", ask], { env, encoding: "utf8" }).stdout.trim().split("\n");
  };
  expect(found("foedus token cr")).toEqual(["create"]);
  expect(found("foedus access mode o")).toEqual(["open"]);
  expect(found("foedus --data /etc/host")).toContain("/etc/hosts");
});

test.skipIf(!has("zsh"))("zsh completes what is typed at its prompt", () => {
  const env = { ...process.env, PATH: pathWithFoedus() };
  // What is waited for must not stand in the line that asks for it.
  const ready =
    "autoload -U compinit; compinit -u -D; source <(foedus completion zsh); print REA''DY";
  const script = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "${ready}"
zpty -r z out '*READY*'
zpty -w -n z $'foedus token cr\\t'
zpty -r z out '*token create*' && print completed
zpty -d z`;
  const { stdout } = spawnSync("zsh", ["-f", "-c", script], { env, encoding: "utf8", timeout });
  expect(stdout).toBe("completed\n");
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
