import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { CreateTokenRequestSchema } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { home, personCaller } from "../../../tests/access/callers.ts";
import { admittedName, cancel, isOpen, makeToken, refusal, tokenMs } from "./token.ts";

const caller = personCaller(home, Role.ADMIN);

function token(wish: { name?: string; role?: Role; seconds?: number } = {}) {
  const { name, role, seconds } = wish;
  const lifetime = seconds === undefined ? undefined : { seconds: BigInt(seconds) };
  const request = create(CreateTokenRequestSchema, { name, role, lifetime });
  return makeToken(caller, request, "fjt_1", 1_000);
}

function reasonOf(act: () => unknown): string {
  try {
    act();
    return "none";
  } catch (error) {
    return error instanceof Fault ? reasonName(error.reason) : String(error);
  }
}

test("a token admits a member for a quarter of an hour unless told otherwise", () => {
  const made = token();
  expect(made).toMatchObject({ role: Role.MEMBER, createdBy: "p-admin" });
  expect(made.expireTime && timestampMs(made.expireTime)).toBe(1_000 + tokenMs);
  expect(token({ role: Role.OBSERVER, seconds: 1 })).toMatchObject({ role: Role.OBSERVER });
  expect(isOpen(token({ seconds: 1 }), 1_999)).toBe(true);
  expect(isOpen(token({ seconds: 1 }), 2_000)).toBe(false);
});

test("cancelling twice is cancelling once, and a used token cannot be taken back", () => {
  const once = cancel(token(), 2_000).next;
  expect(cancel(once, 3_000).next).toBe(once);
  expect(reasonName(refusal(once, 3_000).reason)).toBe("TOKEN_CANCELLED");
  const used = { ...token(), endTime: once.endTime, nodeId: "node_1" };
  expect(reasonOf(() => cancel(used, 3_000))).toBe("TOKEN_USED");
});

test("a token is open or says why it is not, never both", () => {
  const step = fc.constantFrom("use", "cancel", "wait");
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 6 }),
      fc.integer({ min: 1, max: 900 }),
      (steps, seconds) => {
        let now = token({ seconds });
        let nowMs = 1_000;
        for (const act of steps) {
          if (act === "wait") nowMs += 400_000;
          if (act === "use" && isOpen(now, nowMs))
            now = { ...now, endTime: cancel(now, nowMs).next.endTime };
          if (act === "cancel" && now.endTime === undefined) now = cancel(now, nowMs).next;
          const told = reasonOf(() => {
            throw refusal(now, nowMs);
          });
          expect(told.startsWith("TOKEN_")).toBe(!isOpen(now, nowMs));
        }
      },
    ),
  );
});

test("the name is the token's, or the joiner's where the token leaves it open", () => {
  const names = fc.constantFrom("", "shop", "till");
  fc.assert(
    fc.property(names, names, (bound, wanted) => {
      const act = () => admittedName(token({ name: bound }), wanted, "node_abcdefgh");
      if (bound !== "" && wanted !== "" && bound !== wanted) {
        expect(reasonOf(act)).toBe("NAME_NOT_ALLOWED");
      } else {
        expect(act()).toBe(bound || wanted || "node-abcdefgh");
      }
    }),
  );
});
