import { expect, test } from "vitest";
import { digestText } from "./digest-text.ts";

test.each([
  [0, "0000-0000-0000"],
  [255, "0000-0000-00ff"],
  [2 ** 48 - 1, "ffff-ffff-ffff"],
])("%i is told as %s", (digest, text) => expect(digestText(digest)).toBe(text));
