import { create } from "@bufbuild/protobuf";
import { PayloadSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskFailed } from "@foedus/sdk/task/failed.ts";
import { expect, test } from "vitest";
import { outcomeOf } from "./outcome.ts";
import { payloadLines } from "./payload.ts";
import type { Run } from "./run.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function ended(changed: Partial<Run>): Run {
  const output = changed.output ?? new Uint8Array();
  const good = { code: 0, killedBy: undefined, errors: "", outputBytes: output.length };
  return { ...good, output, ...changed };
}

function failed(changed: Partial<Run>) {
  try {
    outcomeOf(ended(changed));
  } catch (error) {
    if (error instanceof TaskFailed) {
      return [error.reason, error.isFinal, error.message] as const;
    }
  }
  throw new Error("it did not fail");
}

test.each([
  [{ code: 1, errors: "no disk" }, ["EXIT_1", false, "no disk"]],
  [{ code: 3 }, ["EXIT_3", false, "it ended with 3"]],
  [{ code: 75, errors: "busy" }, ["TEMPORARY", false, "busy"]],
  [{ code: 65 }, ["EXIT_65", true, "it ended with 65"]],
  [{ code: 78 }, ["EXIT_78", true, "it ended with 78"]],
  [{ code: 137, killedBy: "SIGKILL" }, ["KILLED_SIGKILL", false, "SIGKILL ended it"]],
])("%j is a failure by its reason", (run, failure) => {
  expect(failed(run)).toEqual(failure);
});

test.each([
  ["", ""],
  ['{"a":1}\n', "application/json"],
  ["[1]", "application/json"],
  ["{half", "text/plain"],
  ["42", "text/plain"],
  ["a\0b", "application/octet-stream"],
])("%j is a result of type %s", (text, contentType) => {
  expect(outcomeOf(ended({ output: bytes(text) }))).toMatchObject({
    contentType,
    body: bytes(text),
  });
});

test("a result has 256 KiB, and not a byte more", () => {
  const output = new Uint8Array(262_144);
  expect(outcomeOf(ended({ output })).body).toHaveLength(262_144);
  const [reason, isFinal, message] = failed({ output, outputBytes: 262_145 });
  expect([reason, isFinal]).toEqual(["RESULT_TOO_LARGE", true]);
  expect(message).toContain("262145 bytes");
});

const shown = (contentType: string, body: Uint8Array) =>
  payloadLines(create(PayloadSchema, { contentType, body }));

test("JSON of programs is shown on lines, and JSON of people as they wrote it", () => {
  const [what, ...lines] = shown("application/json", bytes('{"a":[1]}'));
  expect(what).toMatchObject({ text: "9 B of application/json" });
  expect(lines).toEqual(["{", '  "a": [', "    1", "  ]", "}"]);
  const exact = '{"id":12345678901234567890}';
  expect(shown("application/json", bytes(exact)).slice(1)).toEqual([exact]);
});

test("what is no text is told by its size and how it begins, and what is long is cut", () => {
  expect(shown("image/png", new Uint8Array([0xff, 1]))[1]).toBe("ff01");
  expect(shown("", new Uint8Array())).toEqual([{ text: "empty", tone: "dim" }]);
  const lines = shown("text/plain", bytes(`${"x".repeat(201)}\n`.repeat(41)));
  expect(lines[1]).toBe(`${"x".repeat(200)}…`);
  expect(lines.at(-1)).toEqual({ text: "… and 1 more line", tone: "dim" });
});
