import { expect, test } from "vitest";
import { actOf } from "./query-line.ts";

const offer = (word: string) => ({ word, hint: "", text: word, caret: word.length });
const offers = [offer("state:"), offer("seen:")];

test("arrows go round through what is offered, and ask for it where nothing is", () => {
  const to = (key: string, active: number) => actOf(key, { offers, active, text: "s" });
  expect(["ArrowDown", "ArrowUp"].map((key) => to(key, -1))).toEqual([
    { do: "move", to: 0 },
    { do: "move", to: 1 },
  ]);
  expect(to("ArrowDown", 1)).toEqual({ do: "move", to: 0 });
  expect(to("ArrowUp", 1)).toEqual({ do: "move", to: 0 });
  expect(actOf("ArrowDown", { offers: [], active: -1, text: "" })).toEqual({ do: "open" });
});

test("Enter takes only what the keyboard is on", () => {
  expect(actOf("Enter", { offers, active: 1, text: "s" })).toEqual({
    do: "take",
    offer: offers[1],
  });
  expect(actOf("Enter", { offers, active: -1, text: "s" })).toBeUndefined();
});

test("Escape closes first, clears then, and then belongs to the page", () => {
  expect(actOf("Escape", { offers, active: -1, text: "s" })).toEqual({ do: "close" });
  expect(actOf("Escape", { offers: [], active: -1, text: "s" })).toEqual({ do: "clear" });
  expect(actOf("Escape", { offers: [], active: -1, text: "" })).toBeUndefined();
});
