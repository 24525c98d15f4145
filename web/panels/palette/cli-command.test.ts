import { expect, test } from "vitest";
import { commandOf } from "./cli-command.ts";

const names = new Map([
  ["node_1", "web"],
  ["node_2", "a'; rm -rf / #"],
]);
const of = (href: string) => commandOf(href, (id) => names.get(id) ?? id);

test("each page has the command that shows the same", () => {
  expect(of("/node")).toBe("npx foedus node watch");
  expect(of("/node?view=table")).toBe("npx foedus node list");
  expect(of("/node?selected=node_1")).toBe("npx foedus node show web");
  expect(of("/learning?selected=node_1")).toBe("npx foedus learning explain web");
  expect(of("/sync?view=conflicts")).toBe("npx foedus sync conflicts list");
  expect(of("/hub")).toBe("npx foedus hub status");
  expect(of("/signin")).toBeUndefined();
});

test("what is filtered and what lies over the page is in it", () => {
  const filtered = of("/event?type=hub.presence,trust_aggregate&source=node_1") ?? "";
  expect(filtered).toMatch(/^npx foedus event tail --type hub.presence --type trust_aggregate/);
  expect(filtered).toContain("--node node_1");
  expect(of("/event?selected=9")).toBe("npx foedus event show 9");
  expect(of("/node?evidence=17")).toBe("npx foedus event show 17");
});

test("a name that is a command to a shell stays a name", () => {
  expect(of("/node?selected=node_2")).toBe(String.raw`npx foedus node show 'a'\''; rm -rf / #'`);
});
