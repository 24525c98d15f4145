import { expect, test } from "vitest";
import { GroupCommit } from "./group.ts";

/** A writer whose flushes end when the test says so. */
function heldWriter(itemsMax: number) {
  const flushes: { items: readonly number[]; end(error?: Error): void }[] = [];
  const group = new GroupCommit<number, string>(
    (items) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) =>
          error === undefined ? resolve(items.map((item) => `done ${item}`)) : reject(error);
        flushes.push({ items, end });
      }),
    { itemsMax },
  );
  return { group, flushes };
}

/** Lets everything run that is ready to. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("what comes while a flush is under way goes into the next one, together", async () => {
  const { group, flushes } = heldWriter(100);
  const first = group.add(1);
  const others = [2, 3, 4].map((item) => group.add(item));
  expect(flushes.map(({ items }) => items)).toEqual([[1]]);
  flushes[0]?.end();
  expect(await first).toBe("done 1");
  await turn();
  expect(flushes.map(({ items }) => items)).toEqual([[1], [2, 3, 4]]);
  flushes[1]?.end();
  expect(await Promise.all(others)).toEqual(["done 2", "done 3", "done 4"]);
});

test("a flush takes at most so many", async () => {
  const { group, flushes } = heldWriter(2);
  const all = [1, 2, 3, 4, 5, 6].map((item) => group.add(item));
  for (let flush = 0; flush < 4; flush++) {
    flushes[flush]?.end();
    await turn();
  }
  expect(flushes.map(({ items }) => items)).toEqual([[1], [2, 3], [4, 5], [6]]);
  expect(await Promise.all(all)).toHaveLength(6);
});

test("a flush that fails fails its own callers, and nobody else's", async () => {
  const { group, flushes } = heldWriter(2);
  const settled = Promise.allSettled([1, 2, 3, 4].map((item) => group.add(item)));
  flushes[0]?.end();
  await turn();
  flushes[1]?.end(new Error("disk"));
  await turn();
  flushes[2]?.end();
  expect((await settled).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "rejected",
    "fulfilled",
  ]);
  const later = group.add(5);
  flushes[3]?.end();
  expect(await later).toBe("done 5");
});

test("what is at fault itself fails alone, and the others of its flush go by themselves", async () => {
  const flushes: (readonly number[])[] = [];
  const group = new GroupCommit<number, string>(
    async (items) => {
      flushes.push(items);
      await turn();
      if (items.includes(3)) throw Object.assign(new Error("out of range"), { code: "22003" });
      return items.map((item) => `done ${item}`);
    },
    { itemsMax: 3 },
  );
  const settled = await Promise.allSettled([1, 2, 3, 4, 5].map((item) => group.add(item)));
  const outcomes = settled.map((one) => (one.status === "fulfilled" ? one.value : "refused"));
  expect(outcomes).toEqual(["done 1", "done 2", "refused", "done 4", "done 5"]);
  expect(flushes).toEqual([[1], [2, 3, 4], [2], [3], [4], [5]]);
});

test("a flush that throws at once, or answers too little, fails its callers", async () => {
  const throwing = new GroupCommit<number, string>(
    () => {
      throw new Error("at once");
    },
    { itemsMax: 2 },
  );
  await expect(throwing.add(1)).rejects.toThrow("at once");
  await expect(throwing.add(2)).rejects.toThrow("at once");
  const short = new GroupCommit<number, string>(() => Promise.resolve([]), { itemsMax: 2 });
  await expect(short.add(1)).rejects.toThrow("must answer each item");
});
