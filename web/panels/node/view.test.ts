import { expect, test } from "vitest";
import { partIn, partText, viewIn } from "./view.ts";

test("an empty address is the whole map", () => {
  expect(viewIn({})).toEqual({
    table: false,
    filter: { states: [], words: "", mode: "hide" },
    group: undefined,
    sort: { key: "name", descending: false },
    selected: undefined,
    tie: undefined,
    colour: "state",
    at: undefined,
  });
});

test("everything of the view stands in the address", () => {
  const search = { view: "table", mode: "find", group: "team", sort: "-seen", state: "-offline" };
  expect(viewIn({ ...search, q: "go", at: "-10,20,0.5" })).toMatchObject({
    table: true,
    filter: { states: ["-offline"], words: "go", mode: "find" },
    group: "team",
    sort: { key: "seen", descending: true },
    at: { x: -10, y: 20, zoom: 0.5 },
  });
});

test.each(["", "1,2", "1,2,3,4", "a,b,c", "1,2,0", "1,2,-1", "NaN,0,1", "1e9,0,1", "99999999,0,1"])(
  "%j is no part of the map",
  (text) => expect(partIn(text)).toBeUndefined(),
);

test("a part that is written is read again", () => {
  const text = partText({ x: -120.4, y: 33.6, zoom: 0.33333 });
  expect(text).toBe("-120,34,0.333");
  expect(partIn(text)).toEqual({ x: -120, y: 34, zoom: 0.333 });
});

test("what means nothing is as if it were not there", () => {
  const view = viewIn({ group: "colour", sort: "luck", mode: "seek", at: "here" });
  expect(view).toEqual(viewIn({}));
});
