import { Code, ConnectError } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { ErrorInfoSchema } from "@foedus/gen/google/rpc/error_details_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { expect, test } from "vitest";
import { FoedusError } from "./error.ts";
import { errorOf } from "./error.wire.ts";
import { isPassing } from "./wire/persist.ts";

function told(reason: string, metadata: Record<string, string>, domain = "foedus.dev") {
  const details = [{ desc: ErrorInfoSchema, value: { reason, domain, metadata } }];
  return new ConnectError("the hub's own words", Code.FailedPrecondition, undefined, details);
}

test("what the hub tells comes with its reason, facts, words and remedy", () => {
  const metadata = { token_id: "fjt_1", cause: "because of this", fix: "do that" };
  const error = errorOf(told("TOKEN_USED", metadata));
  expect(error).toMatchObject({
    reason: Reason.TOKEN_USED,
    code: Code.FailedPrecondition,
    message: "the hub's own words",
    because: "because of this",
    fix: "do that",
    facts: { token_id: "fjt_1" },
  });
});

test("a reason of a newer hub keeps its words and its name", () => {
  const error = errorOf(told("NEVER_HEARD_OF", { fix: "do that" }));
  expect(error).toMatchObject({ reason: Reason.UNSPECIFIED, fix: "do that" });
  expect(error.facts.reason).toBe("NEVER_HEARD_OF");
});

test("details of somebody else are not ours", () => {
  expect(errorOf(told("TOKEN_USED", {}, "example.org")).reason).toBe(Reason.UNSPECIFIED);
});

test("a fault or an error of ours is found below whatever wraps it", () => {
  const own = new FoedusError(Reason.NODE_CLOSED);
  expect(errorOf(new ConnectError("x", Code.Internal, undefined, undefined, own))).toBe(own);
  const fault = new Fault(Reason.NOT_JOINED, { place: "here" });
  expect(errorOf(new Error("outer", { cause: fault }))).toMatchObject({
    reason: Reason.NOT_JOINED,
    facts: { place: "here" },
  });
});

test("a broken connection is a hub that cannot be reached, in the innermost words", () => {
  const refused = new Error("connect ECONNREFUSED 127.0.0.1:1");
  const error = errorOf(
    new ConnectError("wrapped", Code.Unavailable, undefined, undefined, refused),
  );
  expect(error.reason).toBe(Reason.HUB_UNREACHABLE);
  expect(error.message).toContain("connect ECONNREFUSED 127.0.0.1:1");
});

test("a remedy names what the failure is about", () => {
  const facts = { folder: "/x", pid: "7", command: "c", since: "s" };
  expect(new FoedusError(Reason.DATA_FOLDER_HELD, facts).fix).toContain("kill 7");
});

test.each([
  [Reason.HUB_UNREACHABLE, true],
  [Reason.RATE_LIMITED, true],
  [Reason.DRAINING, true],
  [Reason.LIMIT_EXCEEDED, false],
  [Reason.NODE_REVOKED, false],
  [Reason.HUB_NOT_TRUSTED, false],
])("reason %i passes by itself: %s", (reason, passes) => {
  expect(isPassing(new FoedusError(reason))).toBe(passes);
});
