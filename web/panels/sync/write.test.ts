import { expect, test } from "vitest";
import { readValue } from "./value.ts";
import { draftOf, readDraft, valueBytesMax, writingOf } from "./write.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

test.each(["plain", '{"a":1}', "a \u202e b", ""])(
  "a value is drafted letter by letter: %j",
  (text) => {
    const value = readValue(bytesOf(text));
    expect(readDraft(draftOf(value), writingOf(value))).toEqual({ bytes: bytesOf(text) });
  },
);

test("bytes are drafted as hex, over several lines", () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, at) => at);
  const value = readValue(bytes);
  expect(writingOf(value)).toBe("hex");
  expect(readDraft(draftOf(value), "hex")).toEqual({ bytes });
});

test.each(["0", "0g", "zz"])("%j is no hex", (draft) => {
  expect(readDraft(draft, "hex")).toHaveProperty("why");
});

test("what is to be JSON and is none is not sent", () => {
  expect(readDraft("{", "json")).toHaveProperty("why");
  expect(readDraft("{", "text")).toEqual({ bytes: bytesOf("{") });
});

test("64 KiB are taken, and not a byte more", () => {
  const full = "é".repeat(valueBytesMax / 2);
  expect(readDraft(full, "text")).toHaveProperty("bytes");
  expect(readDraft(`${full}a`, "text")).toHaveProperty("why");
});
