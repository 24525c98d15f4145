import { expect, test } from "vitest";
import { nearestWord } from "./query-near.ts";

const words = ["online", "offline", "degraded"];

test("a few wrong letters are forgiven, a different word is not", () => {
  expect(nearestWord("oflline", words)).toBe("offline");
  expect(nearestWord("onlin", words)).toBe("online");
  expect(nearestWord("deg", words)).toBe("degraded");
  expect(nearestWord("luck", words)).toBeUndefined();
  expect(nearestWord("", words)).toBeUndefined();
});

test("the nearer of two words wins", () => {
  expect(nearestWord("shap-2", ["shop-1", "shop-2"])).toBe("shop-2");
});

test("among very many words nobody guesses for long", () => {
  const many = Array.from({ length: 1_001 }, (_, at) => `node-${at}x`);
  expect(nearestWord("node-999y", many)).toBe("node-999x");
  expect(nearestWord("nodes-1000x", many)).not.toBe("node-1000x");
});
