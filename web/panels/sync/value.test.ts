import { create, toBinary } from "@bufbuild/protobuf";
import { OpSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { oneLine, readValue, valueOf } from "./value.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readValue(bytesOf(text));

test("an op is read to the value it wrote", () => {
  const op = toBinary(OpSchema, create(OpSchema, { record: "r", body: bytesOf("red") }));
  expect(valueOf(op)).toMatchObject({ shape: "text", text: "red" });
});

test("bytes that are no op are shown as bytes", () => {
  expect(valueOf(Uint8Array.of(0xff, 0xff, 0xff))).toMatchObject({
    shape: "bytes",
    text: "ffff ff",
  });
});

test("JSON is set out over lines", () => {
  expect(read('{"a":[1,2]}')).toMatchObject({
    shape: "json",
    text: '{\n  "a": [\n    1,\n    2\n  ]\n}',
  });
});

test.each(["12345678901234567890", '{"a":1,"a":2}', '{"a": 1}'])(
  "JSON that would change by being set out is shown as it was written: %s",
  (text) => expect(read(text)).toMatchObject({ shape: "json", text }),
);

test("JSON is set out over lines up to 24 deep, and not at 25", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  expect(read(nested(24)).text).toContain("\n");
  expect(read(nested(25)).text).toBe(nested(25));
});

test("JSON nested without end is shown as it was written, and takes no time", () => {
  const text = "[".repeat(32_000) + "]".repeat(32_000);
  expect(read(text).text.length).toBe(64_000);
});

test("what turns the direction of letters is seen as its number", () => {
  expect(read("pay \u202e0001\u202c now").text).toBe("pay \\u202e0001\\u202c now");
});

test("markup stays letters", () => {
  expect(read("<img src=x onerror=alert(1)>").text).toBe("<img src=x onerror=alert(1)>");
});

test.each([[Uint8Array.of(0, 1)], [Uint8Array.of(0xc3, 0x28)], [bytesOf("a\u0007b")]])(
  "what no text is written with is bytes",
  (bytes) => expect(readValue(bytes).shape).toBe("bytes"),
);

test("a line end is text, and an empty value is nothing", () => {
  expect(read("a\r\n\tb").shape).toBe("text");
  expect(oneLine(read("a\n  b"))).toBe("a b");
  expect(oneLine(read(""))).toBe("nothing");
});

test("bytes stand sixteen in a line", () => {
  const lines = readValue(new Uint8Array(17)).text.split("\n");
  expect(lines.map((line) => line.replaceAll(" ", "").length)).toEqual([32, 2]);
});
