import { expect, test } from "vitest";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { allReasons, Fault, reasonName } from "@foedus/kernel/fault.ts";
import { explained, reasonTyped } from "./explain.ts";

test.each(["TOKEN_USED", "token_used", "Token-Used", " token used ", "REASON_TOKEN_USED"])(
  "%s is understood",
  (typed) => {
    expect(reasonTyped(typed)).toBe(Reason.TOKEN_USED);
  },
);

test.each(allReasons().map((reason) => [reasonName(reason), reason] as const))(
  "%s has all its words",
  (name, reason) => {
    expect(reasonTyped(name)).toBe(reason);
    const { template, cause, fix, code } = explained(reason);
    for (const words of [template, cause, fix, code]) expect(words).not.toBe("");
  },
);

test("a slip is met with what may have been meant", () => {
  const refused = (typed: string) => {
    try {
      return reasonTyped(typed);
    } catch (error) {
      return error instanceof Fault ? error.message : error;
    }
  };
  expect(refused("tokn_used")).toBe("there is no reason TOKN_USED; did you mean TOKEN_USED?");
  expect(refused("xyzzy")).toBe("there is no reason XYZZY");
  expect(refused("UNSPECIFIED")).toContain("there is no reason");
});
