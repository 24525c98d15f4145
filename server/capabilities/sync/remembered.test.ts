import { expect, test } from "vitest";
import { fixedWorld } from "../../../tests/support/world.fixed.ts";
import { keptMs, namesMax, Remembered } from "./remembered.ts";

function counted() {
  const world = fixedWorld();
  const known = new Remembered<number>(world.clock);
  const reads = { count: 0 };
  const read = async () => ++reads.count;
  return { world, known, reads, read };
}

test("who asks while it is read waits for that read, and who asks later is not read for", async () => {
  const { known, reads, read } = counted();
  expect(await Promise.all([known.of("a", read), known.of("a", read)])).toEqual([1, 1]);
  expect(await known.of("a", read)).toBe(1);
  expect(await known.of("b", read)).toBe(2);
  expect(reads.count).toBe(2);
});

test("it is read anew once its time is over, and no sooner", async () => {
  const { world, known, read } = counted();
  await known.of("a", read);
  world.advance(keptMs - 1);
  expect(await known.of("a", read)).toBe(1);
  world.advance(1);
  expect(await known.of("a", read)).toBe(2);
});

test("what is forgotten while it is read is read again by who comes then", async () => {
  const { known, read } = counted();
  let answer: (value: number) => void = () => undefined;
  const old = known.of("a", () => new Promise((resolve) => (answer = resolve)));
  known.forget("a");
  expect(await known.of("a", read)).toBe(1);
  answer(7);
  expect(await old).toBe(7);
  expect(await known.of("a", read)).toBe(1);
});

test("a read that fails is not remembered", async () => {
  const { known, read } = counted();
  await expect(known.of("a", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(await known.of("a", read)).toBe(1);
});

test("so many names are known, and with one more all are read anew", async () => {
  const { known, reads, read } = counted();
  for (let name = 0; name < namesMax; name++) await known.of(`${name}`, read);
  await known.of("0", read);
  expect(reads.count).toBe(namesMax);
  await known.of("more", read);
  await known.of("0", read);
  expect(reads.count).toBe(namesMax + 2);
});
