import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { findSession, sessionFile } from "./session.ts";

const folder = mkdtempSync(join(tmpdir(), "foedus-session-"));
afterAll(() => rmSync(folder, { recursive: true }));

const elsewhere = { FOEDUS_HUB: "https://hub.example:7080/", FOEDUS_SESSION: "fse_x" };

function write(text: string): void {
  writeFileSync(sessionFile(folder), text);
}

function refusal(act: () => unknown): Fault {
  try {
    act();
  } catch (error) {
    if (error instanceof Fault) return error;
  }
  throw new Error("it was not refused");
}

test("the hub of the folder, unless the environment names another", () => {
  write('{"web":"http://127.0.0.1:7080","session":"fse_local"}');
  const place = sessionFile(folder);
  const local = { web: "http://127.0.0.1:7080", secret: "fse_local", place };
  expect(findSession({}, {}, folder)).toEqual(local);
  expect(findSession({}, elsewhere, folder)).toEqual({
    web: "https://hub.example:7080",
    secret: "fse_x",
    place: "FOEDUS_SESSION",
  });
  expect(findSession({ data: folder }, elsewhere, folder)).toEqual(local);
});

test.each([
  ["not JSON", "cannot be read"],
  ["[]", "names no hub and no session"],
  ["null", "it is no JSON object"],
  ['{"web":"http://127.0.0.1:7080"}', "names no hub and no session"],
  ['{"web":"file:///etc/passwd","session":"x"}', "holds no address"],
])("a session file with %s is refused: %s", (text, words) => {
  write(text);
  const fault = refusal(() => findSession({}, {}, folder));
  expect(fault.reason).toBe(Reason.NO_SESSION);
  expect(fault.message).toContain(words);
});

test("half of an environment is refused, naming the other half", () => {
  const { FOEDUS_HUB, FOEDUS_SESSION } = elsewhere;
  expect(refusal(() => findSession({}, { FOEDUS_HUB }, folder)).message).toContain(
    "FOEDUS_SESSION is not",
  );
  expect(refusal(() => findSession({}, { FOEDUS_SESSION }, folder)).message).toContain(
    "FOEDUS_HUB is not",
  );
});

test("no file is no hub", () => {
  const fault = refusal(() => findSession({}, {}, join(folder, "nowhere")));
  expect(fault.message).toBe(
    `no hub to talk to: there is no ${join(folder, "nowhere", "cli.json")}`,
  );
});
