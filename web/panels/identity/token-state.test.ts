import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { JoinTokenSchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { expect, test } from "vitest";
import { tokenState } from "./token-state.ts";

const expireTime = timestampFromMs(1_000);
const token = create(JoinTokenSchema, { expireTime });

test("a token is open until its time is over", () => {
  expect(tokenState(token, 999)).toBe("open");
  expect(tokenState(token, 1_000)).toBe("lapsed");
});

test("a used token stays used, a cancelled one cancelled", () => {
  const ended = { ...token, endTime: timestampFromMs(500) };
  expect(tokenState(ended, 2_000)).toBe("used");
  expect(tokenState({ ...ended, cancelled: true }, 2_000)).toBe("cancelled");
});
