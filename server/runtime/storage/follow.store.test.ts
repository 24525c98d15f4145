import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { follow, followOnce, type Follower } from "./follow.ts";
import { appendLog, type LogEntry } from "./log.ts";
import type { TenantTx } from "./storage.ts";

let url: string;
let storage: Awaited<ReturnType<typeof openTestStorage>>;
let followers = 0;

beforeAll(async () => {
  ({ url } = await cloneDatabase());
  storage = await openTestStorage(url, { connectionsMax: 6 });
});

afterAll(async () => {
  await storage.close();
});

async function append(tenant: TenantId, ...kinds: string[]): Promise<void> {
  const entries = kinds.map((kind) => {
    return { kind, source: "", subject: "", body: new Uint8Array(0) };
  });
  await storage.tenant(tenant, (tx) => appendLog(tx, "outbox", entries));
}

/** Writes each entry down; writing one down twice fails, since its number is the key. */
async function note(tx: TenantTx, name: string, entries: readonly LogEntry[]): Promise<void> {
  for (const { seq, kind } of entries) {
    await sql`insert into hub_fact (tenant_id, name, value)
      select ${tx.tenant}, ${`${name} ${seq}`}, count(*) || ' ' || ${kind}
      from hub_fact where starts_with(name, ${`${name} `})`.execute(tx.sql);
  }
}

function newFollower(change: Partial<Follower> = {}): Follower {
  const name = `follower-${followers++}`;
  const act = (tx: TenantTx, entries: readonly LogEntry[]) => note(tx, name, entries);
  return { name, log: "outbox", kinds: ["k.*"], act, ...change };
}

/** What a follower wrote down, in the order in which it did. */
async function noted(tenant: TenantId, { name }: Follower): Promise<string[]> {
  const { rows } = await storage.tenant(tenant, (tx) =>
    sql<{ seq: string; value: string }>`
      select substr(name, length(${name}) + 2) as seq, value from hub_fact
      where starts_with(name, ${`${name} `}) order by split_part(value, ' ', 1)::int`.execute(
      tx.sql,
    ),
  );
  return rows.map(({ seq, value }) => `${seq} ${value.split(" ")[1]}`);
}

/** Follows until the tenant's log was read to its end. */
async function followToEnd(tenant: TenantId, follower: Follower): Promise<void> {
  while (await followOnce(storage, follower, tenant));
}

test("entries of the wanted kinds are acted on in order, the others are passed over", async () => {
  const tenant = newTenant();
  const follower = newFollower();
  await append(tenant, "k.a", "other", "k.b");
  await followToEnd(tenant, follower);
  await append(tenant, "k.c");
  await followToEnd(tenant, follower);
  expect(await noted(tenant, follower)).toEqual(["1 k.a", "3 k.b", "4 k.c"]);
});

test("what fails is done again, whole, and nothing of the failed turn is left", async () => {
  const tenant = newTenant();
  let fails = true;
  const follower: Follower = newFollower({
    async act(tx, entries) {
      await note(tx, follower.name, entries);
      if (fails) throw new Error("not now");
    },
  });
  await append(tenant, "k.a", "k.b");
  await expect(followOnce(storage, follower, tenant)).rejects.toThrow("not now");
  expect(await noted(tenant, follower)).toEqual([]);
  fails = false;
  await followToEnd(tenant, follower);
  expect(await noted(tenant, follower)).toEqual(["1 k.a", "2 k.b"]);
});

test("a tenant whose entry fails keeps no other tenant waiting", async () => {
  const tenants = [newTenant(), newTenant(), newTenant()];
  const [, bad] = tenants;
  const follower: Follower = newFollower({
    act(tx, entries) {
      if (tx.tenant === bad) throw new Error("poison");
      return note(tx, follower.name, entries);
    },
  });
  for (const tenant of tenants) await append(tenant, "k.a");
  const { signal } = new AbortController();
  await expect(follow(storage, follower, signal)).rejects.toThrow("poison");
  const done = await Promise.all(tenants.map((tenant) => noted(tenant, follower)));
  expect(done).toEqual([["1 k.a"], [], ["1 k.a"]]);
});

test("two hubs follow while three write: each entry is acted on once, and in order", async () => {
  const tenants = [newTenant(), newTenant()];
  const follower = newFollower();
  await using other = await openTestStorage(url);
  const stopping = new AbortController();
  const hubs = [storage, storage, other].map((each) => follow(each, follower, stopping.signal));
  const write = async (writer: number) => {
    for (let turn = 0; turn < 30; turn++) {
      for (const tenant of tenants) await append(tenant, `k.${writer}`, "k.x");
    }
  };
  await Promise.all([0, 1, 2].map((writer) => write(writer)));
  for (const tenant of tenants) await followToEnd(tenant, follower);
  stopping.abort();
  await Promise.all(hubs);
  for (const tenant of tenants) {
    const seqs = (await noted(tenant, follower)).map((line) => Number(line.split(" ")[0]));
    expect(seqs).toEqual(Array.from({ length: 180 }, (_, at) => at + 1));
  }
});

test("an entry of this process is acted on at once, one of another soon", async () => {
  const tenant = newTenant();
  const acted: (() => void)[] = [];
  const follower = newFollower({ act: () => Promise.resolve(acted.shift()?.()) });
  const stopping = new AbortController();
  const following = follow(storage, follower, stopping.signal);
  await using other = await openTestStorage(url);
  for (const writer of [storage, other]) {
    const heard = new Promise<void>((resolve) => acted.push(resolve));
    await writer.tenant(tenant, (tx) =>
      appendLog(tx, "outbox", [{ kind: "k.a", source: "", subject: "", body: new Uint8Array(0) }]),
    );
    await heard;
  }
  stopping.abort();
  await following;
});

test("entries that were dropped before they were read are told as missed", async () => {
  const tenant = newTenant();
  const gaps: unknown[] = [];
  const follower = newFollower({
    missed: (_tx, gap) => Promise.resolve(void gaps.push(gap)),
  });
  await append(tenant, "k.a", "k.b", "k.c");
  await rowsOf(
    url,
    `delete from outbox_log where tenant_id = '${tenant}' and seq < 3;
     update log_head set first_seq = 3 where tenant_id = '${tenant}'`,
  );
  await followToEnd(tenant, follower);
  expect(gaps).toEqual([{ from: 1n, to: 2n }]);
  expect(await noted(tenant, follower)).toEqual(["3 k.c"]);
});
