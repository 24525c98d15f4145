import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { PageSchema } from "@foedus/gen/foedus/page/v1/page_pb.js";
import { base64url, utf8 } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { pageToken, pageWish } from "./page.ts";

const pageOf = (token: string, size = 0) => create(PageSchema, { token, size });

test("without a page, or with an empty one, the first hundred are meant", () => {
  expect(pageWish(undefined, "nodes")).toEqual({ size: 100, after: undefined });
  expect(pageWish(pageOf(""), "nodes")).toEqual({ size: 100, after: undefined });
  expect(pageWish(pageOf("", 7), "nodes")).toEqual({ size: 7, after: undefined });
});

test("a token leads on after the key it was made of, whatever characters that has", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.array(fc.string(), { minLength: 1 }),
      (list, key) => {
        expect(pageWish(pageOf(pageToken(list, key)), list).after).toEqual(key);
      },
    ),
  );
});

const refused = (token: string, list = "nodes") => {
  try {
    pageWish(pageOf(token), list);
    return undefined;
  } catch (error) {
    return error instanceof Fault ? error.reason : error;
  }
};

test("a token of another list, or of other filters, is refused", () => {
  const token = pageToken("nodes online", ["a"]);
  expect(refused(token, "nodes offline")).toBe(Reason.PAGE_TOKEN_INVALID);
});

test("a token that is none of ours is refused, and nothing else happens", () => {
  const shapes = [[], ["nodes"], ["nodes", 1], {}, 1, null, "nodes"];
  for (const shape of shapes) {
    expect(refused(base64url(utf8(JSON.stringify(shape))))).toBe(Reason.PAGE_TOKEN_INVALID);
  }
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "binary" }), (token) => {
      expect(refused(token)).toBe(Reason.PAGE_TOKEN_INVALID);
    }),
  );
});
