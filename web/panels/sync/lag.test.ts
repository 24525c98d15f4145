import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { FollowerSchema } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { expect, test } from "vitest";
import { lagLook, lagNow, noLag, worstLag } from "./lag.ts";
import { lagText, lateMs, waitText } from "./lag-text.ts";

const follower = (init: MessageInitShape<typeof FollowerSchema>) =>
  create(FollowerSchema, { connected: true, ...init });
const behind = (ops: number, ms: number) => follower({ lagOps: ops, lagMs: BigInt(ms) });

test("of a stream's followers the longest wait counts, not the most ops", () => {
  const followers = [behind(900, 40), behind(3, 1_200), behind(0, 0)];
  expect(worstLag({ followers })).toEqual({ ops: 3, ms: 1_200, connected: true });
});

test("one who lacks something is behind one who lacks nothing, whatever the clock says", () => {
  expect(worstLag({ followers: [behind(0, 0), behind(2, 0)] }).ops).toBe(2);
  expect(worstLag({ followers: [behind(2, 0), behind(0, 0)] }).ops).toBe(2);
});

test("one who is away counts only where nobody else waits", () => {
  const away = follower({ connected: false, lagOps: 900, lagMs: 86_400_000n });
  expect(worstLag({ followers: [away, behind(1, 20)] }).ms).toBe(20);
  expect(worstLag({ followers: [behind(1, 20), away] }).ms).toBe(20);
  expect(worstLag({ followers: [behind(0, 0), away] }).ms).toBe(86_400_000);
});

test("who is refused waits for nothing", () => {
  const refused = follower({ lagOps: 9, lagMs: 99_000n, refusal: Refusal.ZONE });
  expect(worstLag({ followers: [refused] }).ops).toBe(0);
});

test("a stream without followers is up to date", () => {
  expect(lagText(worstLag({ followers: [] }))).toBe("up to date");
});

test("a lag grows by the time that passed since it was told, and none grows out of nothing", () => {
  expect(lagNow({ ...noLag, ops: 1, ms: 500 }, 700).ms).toBe(1_200);
  expect(lagNow({ ...noLag, ops: 1, ms: 500 }, -700).ms).toBe(500);
  expect(lagNow(noLag, 60_000)).toBe(noLag);
});

test("a wait stands out once it is over five seconds, not at five", () => {
  const lag = { ops: 1, ms: lateMs, connected: true };
  expect(lagLook(lag).tone).toBe("accent");
  expect(lagLook({ ...lag, ms: lateMs + 1 }).tone).toBe("degraded");
});

test("who is away is not late: nobody waits for it", () => {
  expect(lagLook({ ops: 3, ms: 86_400_000, connected: false }).tone).toBe(undefined);
});

test.each([
  [{ ...noLag, ops: 1, ms: 40 }, "1 op behind, 40 ms"],
  [{ ...noLag, ops: 3, ms: 1_250 }, "3 ops behind, 1.2 s"],
  [{ ...noLag, ops: 12_000, ms: 61_000 }, "12,000 ops behind, 1 min 1 s"],
])("a lag is told in ops and in time", (lag, text) => expect(lagText(lag)).toBe(text));

test.each([
  [999, "999 ms"],
  [1_000, "1.0 s"],
  [9_999, "9.9 s"],
  [10_000, "10 s"],
])("%i ms is %s", (ms, text) => expect(waitText(ms)).toBe(text));
