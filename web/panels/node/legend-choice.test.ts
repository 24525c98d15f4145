import { expect, test } from "vitest";
import { choiceIn, choiceText, standOf, withNot, withOnly } from "./legend-choice.ts";

const none = { only: [], not: [] };

test("a click chooses, and the next one takes it back", () => {
  const chosen = withOnly(none, "online");
  expect(choiceText(chosen)).toBe("online");
  expect(choiceText(withOnly(chosen, "offline"))).toBe("online,offline");
  expect(choiceText(withOnly(chosen, "online"))).toBeUndefined();
});

test("what is refused is no longer chosen, and the other way round", () => {
  const refused = withNot(withOnly(none, "online"), "online");
  expect(choiceText(refused)).toBe("-online");
  expect(choiceText(withOnly(refused, "online"))).toBe("online");
  expect(choiceText(withNot(refused, "online"))).toBeUndefined();
});

test("the address is read as it was written", () => {
  expect(choiceIn(["online", "-offline"])).toEqual({ only: ["online"], not: ["offline"] });
});

test("where something is chosen the others are hidden", () => {
  const wanted = { only: ["online"], not: ["offline"] };
  expect(["online", "offline", "degraded"].map((each) => standOf(wanted, each))).toEqual([
    "only",
    "not",
    "hidden",
  ]);
  expect(standOf(none, "online")).toBe("shown");
});
