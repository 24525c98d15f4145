import { expect, test } from "vitest";
import { Outbox } from "./outbox.ts";

test("a reader gets what was put in its order, and then the end", async () => {
  const out = new Outbox<number>(2);
  out.put(1);
  const waiting = [out.next(), out.next()];
  expect(await waiting[0]).toBe(1);
  out.put(2);
  out.end();
  expect(await waiting[1]).toBe(2);
  expect(await out.next()).toBeUndefined();
  expect(out.put(3)).toBe(false);
});

test("whoever causes more waits for a slow reader, until it has read or is gone", async () => {
  const out = new Outbox<number>(2);
  const roomy: string[] = [];
  out.put(1);
  await out.roomy();
  out.put(2);
  const read = out.roomy().then(() => roomy.push("read"));
  expect(roomy).toEqual([]);
  await out.next();
  await read;
  out.put(3);
  const gone = out.roomy().then(() => roomy.push("gone"));
  expect(out.cut()).toEqual([2, 3]);
  await gone;
  expect(roomy).toEqual(["read", "gone"]);
});

test("who is cut with an error hears it, and what was not read is known", async () => {
  const out = new Outbox<number>(2);
  out.put(1);
  expect(out.cut(new Error("wrong"))).toEqual([1]);
  await expect(out.next()).rejects.toThrow("wrong");
});
