import { expect, test } from "vitest";
import { Ending, endWith } from "./ending.ts";

test("it ends once, and tells whoever watched or asks for its signal later", () => {
  const ending = new Ending();
  const told: unknown[] = [];
  const first = (reason: unknown) => told.push(["first", reason]);
  const gone = (reason: unknown) => told.push(["gone", reason]);
  ending.watch(first);
  ending.watch(gone);
  ending.watch((reason) => told.push(["second", reason]));
  ending.unwatch(gone);
  ending.end("why");
  ending.end("again");
  ending.watch((reason) => told.push(["late", reason]));
  const why = [
    ["first", "why"],
    ["second", "why"],
    ["late", "why"],
  ];
  expect(told).toEqual(why);
  expect([ending.ended, ending.signal.aborted, ending.signal.reason]).toEqual([true, true, "why"]);
});

test("a signal that was asked for early aborts with it", () => {
  const ending = new Ending();
  const { signal } = ending;
  expect(signal.aborted).toBe(false);
  ending.end("why");
  expect(signal.reason).toBe("why");
  expect(ending.signal).toBe(signal);
});

test("those who follow a signal end with it, but for who let go", () => {
  const controller = new AbortController();
  const [one, other, late] = [new Ending(), new Ending(), new Ending()];
  endWith(controller.signal, one);
  endWith(controller.signal, other)();
  controller.abort("drain");
  endWith(controller.signal, late);
  expect([one.reason, other.ended, late.reason]).toEqual(["drain", false, "drain"]);
});
