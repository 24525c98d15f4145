import { create } from "@bufbuild/protobuf";
import { PayloadSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, test } from "vitest";
import { TaskFailed, TaskStopped } from "./failed.ts";
import { thrownOf, toWord } from "./outcome.ts";
import { jsonOf, payloadBytesMax, toPayload } from "./payload.ts";

function failureOf(value: unknown) {
  const word = value as ReturnType<typeof toWord>;
  if (word.case !== "failure") throw new Error(`${word.case} where a failure belongs`);
  return word.value;
}

test("bytes stay bytes, nothing is nothing, a Payload is itself, and all else is JSON", () => {
  expect(toPayload(new Uint8Array([1, 2]))).toMatchObject({
    contentType: "application/octet-stream",
    body: new Uint8Array([1, 2]),
  });
  expect(toPayload(undefined).body).toHaveLength(0);
  const own = create(PayloadSchema, { contentType: "text/plain" });
  expect(toPayload(own)).toBe(own);
  for (const value of [null, 0, "ä", [1], { a: { b: true } }]) {
    const { contentType, body } = toPayload(value);
    expect([contentType, jsonOf(body)]).toEqual(["application/json", value]);
  }
});

test("a result may be as large as the limit, and one byte more fails for good", () => {
  expect(toWord(new Uint8Array(payloadBytesMax)).case).toBe("result");
  const failure = failureOf(toWord(new Uint8Array(payloadBytesMax + 1)));
  expect(failure).toMatchObject({ reason: "RESULT_TOO_LARGE", isFinal: true });
  expect(failure.message).toContain("262145 bytes, the limit is 262144");
});

test("what JSON cannot say fails for good", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  for (const value of [circle, 1n, () => 1, Symbol("x")]) {
    expect(failureOf(toWord(value))).toMatchObject({ reason: "RESULT_INVALID", isFinal: true });
  }
});

test("a failure keeps its reason and its wait; anything else is UNCAUGHT, without secrets", () => {
  const thrown = new TaskFailed("RATE_LIMITED", "slowly", { retryAfterMs: 1_500 });
  expect(failureOf(thrownOf(thrown, undefined))).toMatchObject({
    reason: "RATE_LIMITED",
    isFinal: false,
    retryAfter: { seconds: 1n, nanos: 500_000_000 },
  });
  const bug = failureOf(thrownOf(new Error("no mailbox ada@example.org"), undefined));
  expect(bug).toMatchObject({ reason: "UNCAUGHT", message: "no mailbox [email]" });
  expect(failureOf(thrownOf("text", undefined)).message).toBe("text");
});

test("whatever is thrown ends the attempt, and no wait is longer than a year", () => {
  const waits = [Number.NaN, Infinity, "soon" as never, -1, 1e300];
  const told = waits.map((retryAfterMs) => {
    const thrown = new TaskFailed("LATER", "\0later", { retryAfterMs });
    return failureOf(thrownOf(thrown, undefined));
  });
  expect(told.map(({ message }) => message)).toEqual(waits.map(() => "later"));
  const [, , , now, year] = told.map(({ retryAfter }) => retryAfter);
  expect(told.slice(0, 3).every(({ retryAfter }) => retryAfter === undefined)).toBe(true);
  expect([now?.seconds, year?.seconds]).toEqual([0n, 31_536_000n]);
  const bare: unknown = Object.create(null);
  expect(failureOf(thrownOf(bare, undefined)).reason).toBe("UNCAUGHT");
  const odd = new TaskFailed(bare as never, "odd", { isFinal: "yes" as never });
  expect(failureOf(thrownOf(odd, undefined)).reason).toBe("UNCAUGHT");
  const thrower = {
    toJSON: () => {
      throw bare;
    },
  };
  expect(failureOf(toWord(thrower)).reason).toBe("RESULT_INVALID");
});

test("a Payload is a result with bytes and a type of 120 letters at most", () => {
  const typed = (contentType: string) => create(PayloadSchema, { contentType });
  expect(toWord(typed("t".repeat(120))).case).toBe("result");
  const bodiless = Object.assign(typed("text/plain"), { body: "text" });
  for (const value of [typed("t".repeat(121)), typed("a\0b"), bodiless]) {
    expect(failureOf(toWord(value))).toMatchObject({ reason: "RESULT_INVALID", isFinal: true });
  }
});

test("words are as long as the hub takes, and no letter is halved", () => {
  const long = new TaskFailed("R".repeat(65), `${"x".repeat(1_998)}😀😀`);
  const { reason, message } = failureOf(thrownOf(long, undefined));
  expect(reason).toHaveLength(64);
  expect(message).toBe(`${"x".repeat(1_998)}…`);
  expect(failureOf(thrownOf(new TaskFailed("", "no reason"), undefined)).reason).toBe("UNCAUGHT");
});

test("who stops as asked gives back what it leaves, and fails what was called off", () => {
  const leaves = new TaskStopped("draining", "its worker leaves");
  expect(thrownOf(leaves, leaves).case).toBe("returned");
  expect(thrownOf(new Error("aborted"), leaves).case).toBe("returned");
  const off = new TaskStopped("canceled", "no longer needed");
  expect(failureOf(thrownOf(new Error("aborted"), off))).toMatchObject({
    reason: "STOPPED",
    message: "no longer needed",
    isFinal: true,
  });
  const own = new TaskFailed("HALF_DONE", "page 3 of 7");
  expect(failureOf(thrownOf(own, off)).reason).toBe("HALF_DONE");
});
