import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "@foedus/gen/google/rpc/error_details_pb.js";
import { expect, test } from "vitest";
import { isSignedOut, troubleOf } from "./trouble.ts";

test("a reason of the hub brings its cause, its fix and its facts", () => {
  const value = {
    reason: "RATE_LIMITED",
    domain: "foedus.dev",
    metadata: { fix: "wait", cause: "too many calls", limit: "60" },
  };
  const error = new ConnectError("over the limit", Code.ResourceExhausted, undefined, [
    { desc: ErrorInfoSchema, value },
  ]);
  expect(troubleOf(error)).toEqual({
    code: Code.ResourceExhausted,
    reason: "RATE_LIMITED",
    text: "over the limit",
    cause: "too many calls",
    fix: "wait",
    facts: [["limit", "60"]],
  });
});

test("a hub that is not there is told as such, with the next command", () => {
  const trouble = troubleOf(new TypeError("Failed to fetch"));
  expect(trouble.reason).toBe("HUB_UNREACHABLE");
  expect(trouble.fix).toBe("npx foedus doctor");
});

test("only an unauthenticated answer means signed out", () => {
  expect(isSignedOut(new ConnectError("", Code.Unauthenticated))).toBe(true);
  expect(isSignedOut(new ConnectError("", Code.PermissionDenied))).toBe(false);
});
