import { expect, test } from "vitest";
import { codeIn, isOwnPath } from "./place.ts";

test("one returns to a path of this page and to nothing else", () => {
  expect(isOwnPath("/event?type=telemetry_sync")).toBe(true);
  expect(["//evil.example", "/\\evil.example", "https://evil.example", ""].some(isOwnPath)).toBe(
    false,
  );
  expect(isOwnPath("/signin")).toBe(false);
});

test("the code is read from the fragment", () => {
  expect(codeIn("#code=abc_DEF-123")).toBe("abc_DEF-123");
  expect(codeIn("")).toBe("");
});
