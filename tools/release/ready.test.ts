import { expect, test } from "vitest";
import { linesOf, obstacles } from "./ready.ts";

const changelog = "# Changes\n\n## 0.2.0\n\n- new\n\n## 0.1.0\n\n- old\n- older\n";
const sdk = { name: "@foedus/sdk", version: "0.2.0", dependencies: { "@foedus/gen": "0.2.0" } };
const gen = { name: "@foedus/gen", version: "0.2.0" };

test("a version with one number everywhere and something to say may be released", () => {
  expect(obstacles("0.2.0", [sdk, gen], changelog)).toEqual([]);
});

test("a package of another version, or one that asks for another, is in the way", () => {
  expect(obstacles("0.2.0", [sdk, { ...gen, version: "0.1.0" }], changelog)).toEqual([
    "@foedus/gen is 0.1.0",
  ]);
  const behind = { ...sdk, dependencies: { "@foedus/gen": "0.1.0", other: "9.9.9" } };
  expect(obstacles("0.2.0", [behind, gen], changelog)).toEqual([
    "@foedus/sdk asks for @foedus/gen 0.1.0",
  ]);
});

test("a changelog that says nothing of the version is in the way", () => {
  const packages = [{ ...gen, version: "0.3.0" }];
  const nothing = ['CHANGELOG.md says nothing under "## 0.3.0"'];
  expect(obstacles("0.3.0", packages, changelog)).toEqual(nothing);
  expect(obstacles("0.3.0", packages, `## 0.3.0\n\n${changelog}`)).toEqual(nothing);
});

test("what is told of a version ends where the next one begins", () => {
  expect(linesOf(changelog, "0.2.0")).toEqual(["- new"]);
  expect(linesOf(changelog, "0.1.0")).toEqual(["- old", "- older"]);
});
