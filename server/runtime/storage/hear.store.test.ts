import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { hear } from "./hear.ts";
import { appendLog } from "./log.ts";

let storages: Awaited<ReturnType<typeof openTestStorage>>[] = [];
beforeAll(async () => {
  const { url } = await cloneDatabase();
  storages = [await openTestStorage(url), await openTestStorage(url)];
});
afterAll(() => Promise.all(storages.map((one) => one.close())));

test("every process hears what is told from then on, of every tenant", async () => {
  const [first] = storages;
  if (first === undefined) throw new Error("there are two");
  const [one, two] = [newTenant(), newTenant()];
  const tell = (tenant: typeof one, kind: string) =>
    first.tenant(tenant, (tx) =>
      appendLog(tx, "outbox", [{ kind, source: "", subject: "", body: new Uint8Array() }]),
    );
  await tell(one, "a.before");
  const ending = new AbortController();
  const heard = storages.map(() => [] as string[]);
  const done = Promise.withResolvers<void>();
  const ready = storages.map(() => Promise.withResolvers<void>());
  const hearing = storages.map((storage, at) =>
    hear(
      storage,
      {
        log: "outbox",
        kinds: ["a.*"],
        restart: () => ready[at]?.resolve(),
        hear: (tenant, entry) => {
          heard[at]?.push(`${tenant === one ? "one" : "two"} ${entry.kind}`);
          if (heard.every((lines) => lines.length === 3)) done.resolve();
        },
      },
      ending.signal,
    ),
  );
  await Promise.all(ready.map(({ promise }) => promise));
  await tell(one, "a.first");
  await tell(two, "b.other");
  await tell(two, "a.second");
  await tell(one, "a.third");
  await done.promise;
  ending.abort();
  await Promise.all(hearing);
  for (const lines of heard) {
    expect(lines.toSorted()).toEqual(["one a.first", "one a.third", "two a.second"]);
  }
});
