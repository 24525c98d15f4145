import { create } from "@bufbuild/protobuf";
import { ViewSchema } from "@foedus/gen/foedus/person/v1/person_pb.js";
import { expect, test } from "vitest";
import { addressToSave, presentView } from "./view-address.ts";

const offline = create(ViewSchema, { id: "1", path: "/node?state=offline&group=project" });
const plain = create(ViewSchema, { id: "2", path: "/node" });
const views = [offline, plain];

test("evidence that lies over a page is not saved with it, and lists stay readable", () => {
  expect(addressToSave("/node?state=offline%2Cdegraded&evidence=7")).toBe(
    "/node?state=offline,degraded",
  );
  expect(addressToSave("/hub#top")).toBe("/hub");
});

test("the order of what is chosen does not matter, and a panel that is open does not change it", () => {
  const now = "/node?group=project&selected=n1&state=offline&at=1,2,3&evidence=5";
  expect(presentView(views, undefined, now)).toEqual({ view: offline, changed: false });
});

test("what was saved with a panel open is another view without it", () => {
  const withPanel = create(ViewSchema, { id: "3", path: "/node?selected=n1" });
  expect(presentView([withPanel], undefined, "/node")).toBeUndefined();
  expect(presentView([withPanel], "3", "/node")).toEqual({ view: withPanel, changed: true });
});

test("a view that was opened and then filtered is told to differ, until one goes elsewhere", () => {
  const filtered = "/node?state=offline&group=team";
  expect(presentView(views, "1", filtered)).toEqual({ view: offline, changed: true });
  expect(presentView(views, undefined, filtered)).toBeUndefined();
  expect(presentView(views, "1", "/hub")).toBeUndefined();
  expect(presentView(views, "1", "/node")).toEqual({ view: plain, changed: false });
});
