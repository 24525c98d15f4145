import { expect, test } from "vitest";
import { listIn, parseSearch, picker, stringifySearch, toggled } from "./search.ts";

test("an address can be read and written by hand", () => {
  const search = { state: "online,offline", q: "go server", view: undefined };
  expect(stringifySearch(search)).toBe("?state=online,offline&q=go+server");
  expect(parseSearch("?state=online,offline&q=go+server")).toEqual({
    state: "online,offline",
    q: "go server",
  });
});

test("a question stays readable in the address, and comes back as it was", () => {
  const search = { q: 'env:production -tag:"a&b" seen:>1h', mode: "find" };
  const text = stringifySearch(search);
  expect(text).toBe("?q=env:production+-tag:%22a%26b%22+seen:%3E1h&mode=find");
  expect(parseSearch(text)).toEqual(search);
});

test("a word is switched on and off", () => {
  expect(toggled(undefined, "online")).toBe("online");
  expect(toggled("online,offline", "online")).toBe("offline");
  expect(toggled("online", "online")).toBeUndefined();
  expect(listIn("a,,b")).toEqual(["a", "b"]);
});

test("unknown parameters are left out", () => {
  expect(picker("view")({ view: "table", evil: "1", q: 7 })).toEqual({ view: "table" });
});
