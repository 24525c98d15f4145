import { Code, ConnectError } from "@connectrpc/connect";
import { InfiniteQueryObserver, type InfiniteData, type QueryKey } from "@tanstack/react-query";
import { expect, onTestFinished, test } from "vitest";
import { queries } from "../../shell/query.ts";
import { isLong, isTired, type Looked, mayLookOn, pagesMax } from "./look-on.ts";

interface Page {
  readonly found: number;
  readonly isLast: boolean;
}

const full = 200;
const looked: Looked = {
  found: [],
  askedAt: 0,
  hasNextPage: true,
  isFetching: false,
  isError: false,
};
const many = (count: number, found: number) => Array.from({ length: count }, () => found);

/** Reads on as the list does whose end is in sight, until it stops by itself. */
async function readOn(name: string, pageAt: (at: number) => Page, askedAt = 0) {
  let calls = 0;
  const list = new InfiniteQueryObserver<Page, Error, InfiniteData<Page, number>, QueryKey, number>(
    queries,
    {
      queryKey: [name],
      initialPageParam: 0,
      getNextPageParam: ({ isLast }, _all, at) => (isLast ? undefined : at + 1),
      queryFn: async ({ pageParam }) => {
        calls += 1;
        return await Promise.resolve(pageAt(pageParam));
      },
    },
  );
  const stopped = Promise.withResolvers<void>();
  const look = () => {
    const now = list.getCurrentResult();
    const found = now.data?.pages.map((page) => page.found) ?? [];
    if (mayLookOn({ ...now, found, askedAt })) void list.fetchNextPage();
    else if (!now.isFetching) stopped.resolve();
  };
  onTestFinished(list.subscribe(look));
  look();
  await stopped.promise;
  return calls;
}

test("a page that is refused is not asked for again by itself", async () => {
  let refused = 0;
  const calls = await readOn("refused", (at) => {
    if (at === 0) return { found: 3, isLast: false };
    // Or whoever asks for ever would be tested for ever.
    if (refused++ > 50) return { found: 0, isLast: true };
    throw new ConnectError("slow down", Code.ResourceExhausted);
  });
  expect(calls).toBe(2);
});

test("after so many thin pages somebody has to ask for more, whether a few were found or none", async () => {
  expect(await readOn("none", (at) => ({ found: 0, isLast: at === 99 }))).toBe(pagesMax);
  const few = (at: number) => ({ found: at === 0 ? full : 3, isLast: at === 99 });
  expect(await readOn("few", few)).toBe(1 + pagesMax);
  expect(await readOn("asked", few, 1 + pagesMax)).toBe(1 + 2 * pagesMax);
});

test("pages that bring tasks are read for as long as somebody scrolls", async () => {
  expect(await readOn("full", (at) => ({ found: full, isLast: at === 49 }))).toBe(50);
  const found = [...many(pagesMax - 1, 0), full, ...many(pagesMax - 1, 0)];
  expect(isTired({ ...looked, found })).toBe(false);
  expect(isTired({ ...looked, found: [...found, 0] })).toBe(true);
  expect(isTired({ ...looked, found: [...found, 0], hasNextPage: false })).toBe(false);
});

test("a list of so many pages is not read again by itself", () => {
  expect(isLong({ found: many(pagesMax, full) })).toBe(false);
  expect(isLong({ found: many(pagesMax + 1, full) })).toBe(true);
});
