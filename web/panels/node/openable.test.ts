import { expect, test } from "vitest";
import { openableUrl } from "./openable.ts";

test("an address of the web can be opened", () => {
  expect(openableUrl("https://billing.example/start?x=1")).toBe(
    "https://billing.example/start?x=1",
  );
  expect(openableUrl("http://127.0.0.1:8080")).toBe("http://127.0.0.1:8080/");
});

test.each([
  "",
  "billing.example",
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "file:///etc/passwd",
  "https://owner:secret@evil.example/",
])("%j leads nowhere", (text) => {
  expect(openableUrl(text)).toBeUndefined();
});
