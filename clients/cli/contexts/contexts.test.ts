import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { runCommand } from "../../../tests/support/command.ts";
import { findSession, sessionFile } from "../session.ts";
import { contextsFile, readContexts } from "./contexts.ts";

const folder = mkdtempSync(join(tmpdir(), "foedus-contexts-"));
const environment = { XDG_CONFIG_HOME: folder };
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => rmSync(contextsFile(environment), { force: true }));

async function foedus(...args: string[]) {
  return await runCommand(["context", ...args], { env: environment, input: "fse_secret\n" });
}

const work = ["work", "--hub", "https://hub.example:7080/x", "--session-file", "-"];

test("the first saved hub counts, another one once it is used", async () => {
  expect((await foedus("list")).out).toContain("There are no contexts.");
  expect(await foedus("add", ...work)).toMatchObject({ code: 0, errors: "" });
  expect((await foedus("add", "home", "--folder", folder)).out).toContain(
    "foedus context use home",
  );
  expect(readContexts(environment).current).toBe("work");
  expect((await foedus("use", "home")).code).toBe(0);
  const { out } = await foedus("list");
  expect(out).toMatch(/^current +home/m);
  expect(out).toContain("https://hub.example:7080");
  expect(out).not.toContain("fse_secret");
});

test("the file is its user's alone", async () => {
  await foedus("add", ...work);
  expect(statSync(contextsFile(environment)).mode & 0o777).toBe(0o600);
  expect(readFileSync(contextsFile(environment), "utf8")).toContain("fse_secret");
});

test("what is named goes before what is saved", async () => {
  await foedus("add", ...work);
  const local = join(folder, "local");
  mkdirSync(local, { recursive: true });
  writeFileSync(sessionFile(local), '{"web":"http://127.0.0.1:7080","session":"fse_local"}');
  const secretOf = (named: object, more: object = {}) =>
    findSession(named, { ...environment, ...more }, local).secret;
  expect(secretOf({})).toBe("fse_secret");
  expect(secretOf({ data: local })).toBe("fse_local");
  expect(secretOf({}, { FOEDUS_DATA: local })).toBe("fse_local");
  expect(secretOf({ context: "work" }, { FOEDUS_DATA: local })).toBe("fse_secret");
  const elsewhere = { FOEDUS_HUB: "http://127.0.0.1:1", FOEDUS_SESSION: "fse_env" };
  expect(secretOf({}, elsewhere)).toBe("fse_env");
  expect(secretOf({ context: "work" }, elsewhere)).toBe("fse_secret");
  expect(secretOf({}, { FOEDUS_DATA: local, FOEDUS_CONTEXT: "work" })).toBe("fse_secret");
});

test("an unknown name names those that there are", async () => {
  await foedus("add", ...work);
  const { code, errors } = await foedus("use", "wrok");
  expect(code).not.toBe(0);
  expect(errors).toContain("no hub is saved as wrok; saved: work");
  const unknown = expect.objectContaining({ reason: Reason.CONTEXT_UNKNOWN }) as Error;
  expect(() => findSession({ context: "none" }, environment, folder)).toThrow(unknown);
});

test.each([
  [["add", "x"], "say where the hub is"],
  [["add", "x", "--hub", "https://h"], "--hub needs --session-file"],
  [["add", "x", "--session-file", "-"], "--session-file needs --hub"],
  [["add", "x", "--folder", "a", "--hub", "https://h"], "say where the hub is"],
  [["add", "x", "--hub", "ftp://h", "--session-file", "-"], "holds no address"],
  [["add", "a b", "--folder", "a"], "a name has letters"],
])("%j is refused: %s", async (args, words) => {
  const { code, errors } = await foedus(...args);
  expect({ code: code === 0, errors }).toMatchObject({ code: false });
  expect(errors).toContain(words);
});

test("a removed context counts no more", async () => {
  await foedus("add", ...work);
  expect((await foedus("remove", "work")).code).toBe(0);
  expect(readContexts(environment)).toEqual({ current: "", all: [] });
});

test("a damaged file is named, not lost", async () => {
  const file = contextsFile(environment);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "{");
  const { errors } = await foedus("add", ...work);
  expect(errors).toContain(file);
  expect(readFileSync(file, "utf8")).toBe("{");
});
