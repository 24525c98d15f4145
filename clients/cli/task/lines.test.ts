import { create } from "@bufbuild/protobuf";
import { TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, test } from "vitest";
import { LaterLine, partsOf, placed, readLines, type Line } from "./lines.ts";

const nowMs = 1_795_259_748_531;
const read = (...lines: string[]) => readLines(lines.join("\n"), { queue: "scans" }, nowMs);
const mistake = (...lines: string[]) => read(...lines).mistakes.map(({ problem }) => problem);

test("a line says what the command does not, in the schema's words or in short ones", () => {
  const { lines, mistakes } = read(
    '{"kind":"a","json":{"p":[1]}}',
    "",
    '{"kind":"b","text":"hi","priority":8,"depends_on":["#0"],"queue":"other"}\r',
    '{"kind":"c","payload":{"contentType":"image/png","body":"AAE="}}',
  );
  expect(mistakes).toEqual([]);
  expect(lines.map(({ line, at, spec }) => [line, at, spec.queue])).toEqual([
    [1, 0, "scans"],
    [3, 1, "other"],
    [4, 2, "scans"],
  ]);
  const texts = lines.map(({ spec }) => new TextDecoder().decode(spec.payload?.body));
  expect(texts).toEqual(['{"p":[1]}', "hi", "\0\u0001"]);
  expect(lines[1]?.spec).toMatchObject({ priority: 8, dependsOn: ["#0"] });
});

test.each([
  ["no JSON", "nope", "it is no JSON: "],
  ["a list", "[1]", "it is no object"],
  ["a slip", '{"knd":"a"}', 'key "knd" is unknown'],
  ["a word for a number", '{"kind":"a","priority":"high"}', "priority: expected number"],
  ["no kind", "{}", "it names no kind"],
  ["no queue", '{"kind":"a","queue":""}', "it names no queue"],
  ["a queue in capitals", '{"kind":"a","queue":"Scans"}', "Scans is no queue"],
  ["too urgent", '{"kind":"a","priority":11}', "priority is 1 to 10"],
  ["two payloads", '{"kind":"a","json":1,"text":"x"}', "keep one"],
  ["a figure as a text", '{"kind":"a","text":1}', "text is no string"],
  ["a span that nothing has", '{"kind":"a","timeouts":{"heartbeat":"0.1s"}}', "from 1 s to 1 h"],
  ["itself", '{"kind":"a","dependsOn":["#0"]}', "it waits for itself (#0)"],
  ["what is not there", '{"kind":"a","dependsOn":["#1"]}', "the file has 1 task, the first is #0"],
])("%s is named with its line", (_, line, problem) => {
  expect(mistake(line)).toEqual([expect.stringContaining(problem)]);
});

test("a payload has 256 KiB, and not a byte more", () => {
  const line = (bytes: number) => `{"kind":"a","text":"${"x".repeat(bytes)}"}`;
  expect(mistake(line(262_144))).toEqual([]);
  expect(mistake(line(262_145))).toEqual(["the payload is larger than 262144 bytes"]);
});

test("all mistakes are told at once, in order", () => {
  const { mistakes } = read('{"kind":"a","dependsOn":["#9"]}', "nope", '{"kind":"c"}', "[]");
  expect(mistakes.map(({ line }) => line)).toEqual([1, 2, 4]);
});

const task = (at: number, ...dependsOn: string[]): Line => {
  return { line: at + 1, at, spec: create(TaskSpecSchema, { kind: "a", dependsOn }) };
};

test("a thousand tasks are one part, and one more begins another", () => {
  const many = Array.from({ length: 1_001 }, (_, at) => task(at));
  expect(partsOf(many.slice(1)).map(({ length }) => length)).toEqual([1_000]);
  expect(partsOf(many).map(({ length }) => length)).toEqual([1_000, 1]);
  expect(partsOf([])).toEqual([]);
});

test("a part stays below what a hub takes at once", () => {
  const body = new Uint8Array(262_144);
  const heavy = [0, 1, 2, 3].map((at) => {
    return { line: at, at, spec: create(TaskSpecSchema, { kind: "a", payload: { body } }) };
  });
  expect(partsOf(heavy).map(({ length }) => length)).toEqual([2, 2]);
});

test("places become places of the part, or the ids of what came before", () => {
  const part = [task(2, "#0"), task(3, "#2", "task_x")];
  const specs = placed(part, 2, ["task_a", "task_b"]);
  expect(specs.map(({ dependsOn }) => dependsOn)).toEqual([["task_a"], ["#0", "task_x"]]);
  expect(() => placed([task(0, "#2")], 0, [])).toThrow(LaterLine);
});
