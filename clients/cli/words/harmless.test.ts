import { expect, test } from "vitest";
import { harmless, harmlessJson } from "./harmless.ts";

test.each([
  ["clears the screen", "a\u001b[2Jb", "a\\x1b[2Jb"],
  ["one-byte CSI", "a\u009b31mb", "a\\x9b31mb"],
  ["sets the title", "\u001b]0;owned\u0007", "\\x1b]0;owned\\x07"],
  ["a second line", "web\nroot", "web\\nroot"],
  ["overwrites the line", "web\rroot", "web\\x0droot"],
  ["turns the direction", "gpj.\u202eexe", "gpj.\\u{202e}exe"],
  ["isolates", "\u2066a\u2069", "\\u{2066}a\\u{2069}"],
  ["nobody sees it", "we\u200bb", "we\\u{200b}b"],
  ["tags", "a\u{e0041}", "a\\u{e0041}"],
  ["half a character", "a\ud800b", "a\\u{d800}b"],
])("%s: it is spelled out", (_, hostile, shown) => {
  expect(harmless(hostile)).toBe(shown);
});

test.each(["Zürich", "漢字", "שלום", "مرحبا", "👩‍💻", "❤️", "می‌خواهم", "a b…–"])(
  "%s stays as it is",
  (text) => {
    expect(harmless(text)).toBe(text);
  },
);

test("JSON stays what it was for whoever parses it", () => {
  const value = { name: "a\u001b[2J\u009b\u202e\u{e0041}\n", list: ["漢字"] };
  const json = harmlessJson(JSON.stringify(value));
  expect(harmless(json)).toBe(json);
  expect(JSON.parse(json)).toEqual(value);
});
