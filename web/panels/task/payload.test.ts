import { create } from "@bufbuild/protobuf";
import { PayloadSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, test } from "vitest";
import { fileName, shownOf } from "./payload.ts";

const read = (contentType: string, body: string | Uint8Array) => {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return shownOf(create(PayloadSchema, { contentType, body: bytes }));
};

test("JSON is set out over lines, however it was spaced", () => {
  const lines = '{\n  "a b": [\n    1\n  ]\n}';
  for (const text of ['{"a b":[1]}', '{"a b": [1]}', ' {\n"a b" : [ 1 ] }\n']) {
    expect(read("application/json", text)).toEqual({ shape: "json", text: lines, isCut: false });
  }
  expect(read("application/problem+json; charset=utf-8", '{"a b":[1]}').shape).toBe("json");
});

test.each(["12345678901234567890", '{"a":1,"a":2}'])(
  "JSON that setting out would change is shown as it was written: %s",
  (text) => expect(read("application/json", text).text).toBe(text),
);

test("what says it is JSON and is not is text", () => {
  expect(read("application/json", "{oops")).toMatchObject({ shape: "text", text: "{oops" });
});

test("text stays text, and nothing in it acts on how it is read", () => {
  expect(read("text/html", "<b>hello</b>")).toMatchObject({ shape: "text", text: "<b>hello</b>" });
  expect(read("text/plain", "evil \u202Egnp").text).toBe("evil \\u202egnp");
});

test("what is no text is not shown, whatever it says it is", () => {
  const bytes = new Uint8Array([0, 255, 1]);
  for (const type of ["text/plain", "application/json", "image/png", ""]) {
    expect(read(type, bytes)).toMatchObject({ shape: "bytes", text: "" });
  }
  expect(read("application/octet-stream", "text")).toMatchObject({ shape: "bytes" });
});

test("more than anybody reads is cut, and says so", () => {
  const shown = read("text/plain", "x".repeat(20_001));
  expect(shown).toMatchObject({ isCut: true });
  expect(shown.text).toHaveLength(20_000);
  expect(read("text/plain", "x".repeat(20_000)).isCut).toBe(false);
});

test("a file's name ends in nothing that a stranger chose", () => {
  expect(fileName("task_01", "result", "application/json; x=1")).toBe("task_01-result.json");
  expect(fileName("task_../01", "payload", "application/x-msdownload")).toBe("task_01-payload.bin");
});
