import { expect, test } from "vitest";
import { soon } from "./soon.ts";

/** A clock whose waits end when the test says so. */
function waits() {
  const due: (() => void)[] = [];
  return {
    due,
    later(_ms: number, act: () => void) {
      due.push(act);
      return () => void due.splice(due.indexOf(act), 1);
    },
  };
}

test("a burst is done once, and another one after it again", () => {
  const { due, later } = waits();
  let times = 0;
  const again = soon(400, () => times++, later);
  again.wish();
  again.wish();
  expect(due).toHaveLength(1);
  due.shift()?.();
  expect(times).toBe(1);
  again.wish();
  due.shift()?.();
  expect(times).toBe(2);
});

test("who is gone does nothing more", () => {
  const { due, later } = waits();
  const again = soon(400, () => undefined, later);
  again.wish();
  again.stop();
  expect(due).toEqual([]);
});
