import { expect, test } from "vitest";
import { Wake } from "./wake.ts";

const never = new AbortController().signal;

/** Whether a promise is settled once everything ready has run. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise<void>((resolve) => setImmediate(resolve));
  return settled;
}

test("a ring wakes who waits for that log of that tenant, or of any tenant", async () => {
  const wake = new Wake();
  const mine = wake.next("event", "a", never);
  const any = wake.next("event", undefined, never);
  const others = [wake.next("event", "b", never), wake.next("outbox", "a", never)];
  wake.ring("event", "a");
  expect(await isSettled(mine)).toBe(true);
  expect(await isSettled(any)).toBe(true);
  expect(await Promise.all(others.map((each) => isSettled(each)))).toEqual([false, false]);
});

test("a ring before anybody waits wakes nobody later", async () => {
  const wake = new Wake();
  wake.ring("event", "a");
  expect(await isSettled(wake.next("event", "a", never))).toBe(false);
});

test("who gives up is let go, and does not keep the others from being woken", async () => {
  const wake = new Wake();
  const giving = new AbortController();
  const gone = wake.next("event", "a", giving.signal);
  const staying = wake.next("event", "a", never);
  giving.abort();
  expect(await isSettled(gone)).toBe(true);
  expect(await isSettled(staying)).toBe(false);
  wake.ring("event", "a");
  expect(await isSettled(staying)).toBe(true);
  expect(await isSettled(wake.next("event", "a", giving.signal))).toBe(true);
});
