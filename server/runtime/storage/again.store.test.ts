import { sql } from "kysely";
import { expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { onDeadlockAgain, OvertakenError } from "./again.ts";

test("of two that wait for each other one is done again, and both come through", async () => {
  const { url } = await cloneDatabase();
  await using storage = await openTestStorage(url);
  const bothHold = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let runs = 0;
  const cross = (own: 0 | 1) =>
    onDeadlockAgain(() =>
      storage.sweep(async (tx) => {
        runs += 1;
        await sql`select pg_advisory_xact_lock(${own}::bigint)`.execute(tx.sql);
        bothHold[own]?.resolve();
        await Promise.all(bothHold.map(({ promise }) => promise));
        await sql`select pg_advisory_xact_lock(${1 - own}::bigint)`.execute(tx.sql);
        return own;
      }),
    );
  expect(await Promise.all([cross(0), cross(1)])).toEqual([0, 1]);
  expect(runs).toBe(3);
});

test("what fails otherwise fails at once, and a deadlock not for ever", async () => {
  let tries = 0;
  const failing = (code: string) =>
    onDeadlockAgain(() => {
      tries += 1;
      return Promise.reject(Object.assign(new Error("ended"), { code }));
    });
  await expect(failing("23505")).rejects.toThrow("ended");
  expect(tries).toBe(1);
  await expect(failing("40P01")).rejects.toThrow("ended");
  expect(tries).toBe(1 + 4);
});

test("whoever was overtaken tries again", async () => {
  let tries = 0;
  const first = onDeadlockAgain(() => {
    tries += 1;
    return tries === 1 ? Promise.reject(new OvertakenError("by another")) : Promise.resolve("in");
  });
  expect(await first).toBe("in");
  expect(tries).toBe(2);
});
