import { expect, test } from "vitest";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { allReasons, explanationOf, reasonName } from "@foedus/kernel/fault.ts";
import { exitCodeOf, exitCodes } from "./exit.ts";

/** The codes of google.rpc that reasons have today, and how a command ends with each. */
const expected: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 2,
  NOT_FOUND: 3,
  UNAUTHENTICATED: 4,
  PERMISSION_DENIED: 4,
  UNAVAILABLE: 5,
  DEADLINE_EXCEEDED: 5,
  ALREADY_EXISTS: 6,
  FAILED_PRECONDITION: 6,
  ABORTED: 6,
  OUT_OF_RANGE: 6,
  RESOURCE_EXHAUSTED: 1,
  INTERNAL: 1,
  DATA_LOSS: 1,
  CANCELED: 1,
  UNIMPLEMENTED: 1,
};

test.each(allReasons().map((reason) => [reasonName(reason), reason] as const))(
  "%s ends a command with the code of its status",
  (_, reason) => {
    const { code } = explanationOf(reason);
    expect(expected).toHaveProperty(code);
    expect(exitCodeOf(reason)).toBe(expected[code]);
  },
);

test("no failure looks like success or like Ctrl-C", () => {
  const codes = new Set(allReasons().map(exitCodeOf));
  expect(codes).not.toContain(exitCodes.ok);
  expect(codes).not.toContain(exitCodes.interrupted);
  expect(exitCodeOf(Reason.UNSPECIFIED)).toBe(exitCodes.failed);
});
