import { expect, test } from "vitest";
import { chapters, pages } from "./chapters.ts";
import { meaningOf, type Press } from "./shortcuts.ts";

const bare = { ctrl: false, meta: false, alt: false, typing: false, covered: false, going: false };
const press = (key: string, more: Partial<Press> = {}): Press => ({ ...bare, key, ...more });

test("Ctrl or Cmd and K open the palette, even while one types, and close it again", () => {
  const opened = { do: "open", overlay: "palette" };
  expect(meaningOf(press("k", { ctrl: true }), undefined)).toEqual(opened);
  expect(meaningOf(press("K", { meta: true, typing: true }), undefined)).toEqual(opened);
  const again = press("k", { ctrl: true, covered: true, typing: true });
  expect(meaningOf(again, "palette")).toEqual({ do: "close" });
});

test("over a dialog that asks something, no key of the page does anything", () => {
  const covered = { covered: true };
  const keys = [press("k", { ctrl: true, ...covered }), press("?", covered), press("g", covered)];
  expect(keys.map((key) => meaningOf(key, undefined).do)).toEqual([
    "nothing",
    "nothing",
    "nothing",
  ]);
});

test("what is typed into a field goes there and nowhere else", () => {
  const typing = { typing: true };
  const keys = [press("?", typing), press("g", typing), press("m", { ...typing, going: true })];
  expect(keys.map((key) => meaningOf(key, undefined).do)).toEqual([
    "nothing",
    "nothing",
    "nothing",
  ]);
});

test("g and a letter lead to a page, and every page has a letter of its own", () => {
  expect(meaningOf(press("g"), undefined)).toEqual({ do: "await page" });
  for (const { key, to } of pages) {
    expect(meaningOf(press(key, { going: true }), undefined)).toEqual({ do: "go", to });
  }
  expect(new Set(pages.map(({ key }) => key)).size).toBe(pages.length);
  expect(pages.length).toBe(chapters.flatMap(({ entries }) => entries).length);
});

test("the browser's own combinations stay the browser's", () => {
  const others = [press("g", { ctrl: true }), press("k", { ctrl: true, alt: true }), press("z")];
  expect(others.map((key) => meaningOf(key, undefined).do)).toEqual([
    "nothing",
    "nothing",
    "nothing",
  ]);
});
