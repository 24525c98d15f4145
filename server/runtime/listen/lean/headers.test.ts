import { expect, test } from "vitest";
import { LazyHeaders, plain } from "./headers.ts";

const lines = {
  ":path": "/x",
  authorization: "Bearer x",
  "x-blank": " text\t",
  "set-cookie": ["a=1", "b=2"],
};

test("they read as Headers do, whether one asks for one or for all", () => {
  const all = new Headers([
    ["authorization", "Bearer x"],
    ["x-blank", " text\t"],
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
  ]);
  const lazy = new LazyHeaders(lines);
  for (const name of ["authorization", "Authorization", "x-blank", "set-cookie", "x-none"]) {
    expect([name, lazy.get(name)]).toEqual([name, all.get(name)]);
    expect([name, lazy.has(name)]).toEqual([name, all.has(name)]);
  }
  expect(lazy.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect([...lazy]).toEqual([...all]);
  expect(new Headers(lazy).get("authorization")).toBe("Bearer x");
});

test("they are what they were until somebody changes them", () => {
  const lazy = new LazyHeaders({ "content-type": "application/proto" });
  expect(lazy.get("Content-Type")).toBe("application/proto");
  expect(lazy.touched).toBeUndefined();
  lazy.set("x-more", "1");
  lazy.append("X-More", "2");
  expect(lazy.get("x-more")).toBe("1, 2");
  lazy.delete("content-type");
  expect(lazy.touched && plain(lazy.touched)).toEqual({ "x-more": "1, 2" });
});

test("each cookie keeps a line of its own", () => {
  const cookies = ["a=1; Path=/", "b=2"];
  const lines = new Headers(cookies.map((one) => ["set-cookie", one]));
  expect(plain(lines)).toEqual({ "set-cookie": cookies });
});
