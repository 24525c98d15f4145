import type { TenantId } from "@foedus/kernel/tenant.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { appendLog, readLog, tenantsBehind, type LogFilter, type NewEntry } from "./log.ts";
import { takes } from "./ring.ts";

let storage: Awaited<ReturnType<typeof openTestStorage>>;

beforeAll(async () => {
  storage = await openTestStorage((await cloneDatabase()).url, { connectionsMax: 6 });
});

afterAll(async () => {
  await storage.close();
});

const entry = (subject: string, kind = "kind.a", source = ""): NewEntry => {
  return { kind, source, subject, body: new TextEncoder().encode(subject) };
};

async function append(tenant: TenantId, ...entries: NewEntry[]): Promise<bigint> {
  return await storage.tenant(tenant, (tx) => appendLog(tx, "outbox", entries));
}

async function readAll(tenant: TenantId, filter: LogFilter = {}, limit = 7) {
  const subjects: string[] = [];
  let cursor = 0n;
  for (;;) {
    const after = cursor;
    const page = await storage.tenant(tenant, (tx) => readLog(tx, "outbox", after, limit, filter));
    subjects.push(...page.entries.map(({ subject }) => subject));
    if (page.cursor >= page.head) return subjects;
    expect(page.cursor).toBeGreaterThan(after);
    cursor = page.cursor;
  }
}

test("entries come back as they were written, numbered from 1", async () => {
  const tenant = newTenant();
  expect(await append(tenant, entry("one", "a.b", "src"), entry("two"))).toBe(1n);
  expect(await append(tenant, entry("three"))).toBe(3n);
  const page = await storage.tenant(tenant, (tx) => readLog(tx, "outbox", 0n));
  expect(page.entries[0]).toMatchObject({ seq: 1n, kind: "a.b", source: "src", subject: "one" });
  expect(new TextDecoder().decode(page.entries[2]?.body)).toBe("three");
  expect(page).toMatchObject({ gap: undefined, cursor: 3n, head: 3n });
  const agoMs = storage.nowMs() - Number(page.entries[0]?.storedMs);
  expect(agoMs).toBeGreaterThanOrEqual(0);
  expect(agoMs).toBeLessThan(60_000);
});

test("an empty log has a head of 0, and no gap", async () => {
  const page = await storage.tenant(newTenant(), (tx) => readLog(tx, "outbox", 0n));
  expect(page).toEqual({ entries: [], gap: undefined, cursor: 0n, head: 0n });
});

test("tenants and logs are numbered apart", async () => {
  const [one, other] = [newTenant(), newTenant()];
  await append(one, entry("x"), entry("y"));
  expect(await append(other, entry("z"))).toBe(1n);
  await storage.tenant(one, (tx) => appendLog(tx, "event", [entry("event")]));
  expect(await readAll(one)).toEqual(["x", "y"]);
});

test("a transaction that fails gives its numbers back", async () => {
  const tenant = newTenant();
  await append(tenant, entry("kept"));
  const failing = storage.tenant(tenant, async (tx) => {
    expect(await appendLog(tx, "outbox", [entry("lost"), entry("lost")])).toBe(2n);
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await append(tenant, entry("next"))).toBe(2n);
});

/** Reads until told to stop, and then to the end: each page must go on where the last one ended. */
async function pull(tenant: TenantId, stopped: () => boolean): Promise<string[]> {
  const seen: string[] = [];
  for (;;) {
    const last = stopped();
    const after = BigInt(seen.length);
    const page = await storage.tenant(tenant, (tx) => readLog(tx, "outbox", after, 50));
    for (const { seq, subject } of page.entries) {
      expect(seq).toBe(BigInt(seen.length + 1));
      seen.push(subject);
    }
    if (last && page.cursor >= page.head) return seen;
  }
}

test("eight writers, some of which roll back: two pullers miss nothing and see one order", async () => {
  const tenant = newTenant();
  let writing = true;
  const acked: string[] = [];
  const write = async (writer: number) => {
    for (let turn = 0; turn < 40; turn++) {
      const mine = Array.from({ length: 1 + (turn % 3) }, (_, at) => `${writer}.${turn}.${at}`);
      const work = storage.tenant(tenant, async (tx) => {
        await appendLog(
          tx,
          "outbox",
          mine.map((subject) => entry(subject)),
        );
        if ((writer + turn) % 4 === 0) throw new Error("rolled back");
      });
      await work.then(() => acked.push(...mine)).catch(() => undefined);
    }
  };
  const pullers = [pull(tenant, () => !writing), pull(tenant, () => !writing)];
  await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
  writing = false;
  const [one, other] = await Promise.all(pullers);
  expect(one).toEqual(other);
  expect(one?.toSorted()).toEqual(acked.toSorted());
  expect(one?.filter((subject) => subject.startsWith("3."))).toEqual(
    acked.filter((subject) => subject.startsWith("3.")),
  );
});

test("what was committed first stands first, also when it was begun later", async () => {
  const tenant = newTenant();
  const slow = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const first = storage.tenant(tenant, async (tx) => {
    begun.resolve();
    await slow.promise;
    await appendLog(tx, "outbox", [entry("begun first")]);
  });
  await begun.promise;
  await append(tenant, entry("committed first"));
  slow.resolve();
  await first;
  expect(await readAll(tenant)).toEqual(["committed first", "begun first"]);
});

test("a reader wakes after the commit, not before it", async () => {
  const tenant = newTenant();
  const { signal } = new AbortController();
  let woken = false;
  const next = storage.wake.next("outbox", tenant, signal).then(() => (woken = true));
  await storage.tenant(tenant, async (tx) => {
    await appendLog(tx, "outbox", [entry("x")]);
    await Promise.resolve();
    expect(woken).toBe(false);
  });
  await next;
  expect(await readAll(tenant)).toEqual(["x"]);
});

test("a filter takes what the same filter takes in memory, and moves past the rest", async () => {
  const kinds = ["a.b", "a.b.c", "a.bc", "b"];
  const sources = ["s1", "s2"];
  const anyOf = (values: string[]) => fc.subarray(values);
  const wish = fc.record({
    kinds: anyOf(["a.b", "a.*", "a.b.*", "b", "none"]),
    sources: anyOf([...sources, "none"]),
    subjects: anyOf(["0", "1", "2", "3"]),
  });
  const one = fc.record({ kind: fc.constantFrom(...kinds), source: fc.constantFrom(...sources) });
  await fc.assert(
    fc.asyncProperty(fc.array(one, { maxLength: 25 }), wish, async (rows, filter) => {
      const tenant = newTenant();
      const entries = rows.map(({ kind, source }, at) => entry(String(at % 5), kind, source));
      if (entries.length > 0) await append(tenant, ...entries);
      const taken = entries.filter((each) => isWanted(filter, each));
      expect(await readAll(tenant, filter, 3)).toEqual(taken.map(({ subject }) => subject));
      const stored = entries.map((each) => ({ ...each, seq: 1n, storedMs: 0n }));
      expect(stored.filter((each) => takes(filter, each))).toHaveLength(taken.length);
    }),
    { numRuns: 60 },
  );
});

/** The meaning of a filter, said a second time. */
function isWanted(filter: Required<LogFilter>, each: NewEntry): boolean {
  const oneOf = (wanted: readonly string[], has: string) =>
    wanted.length === 0 ||
    wanted.some((want) => (want.endsWith("*") ? has.startsWith(want.slice(0, -1)) : want === has));
  return (
    oneOf(filter.kinds, each.kind) &&
    oneOf(filter.sources, each.source) &&
    oneOf(filter.subjects, each.subject)
  );
}

test("a follower's tenants are those it has not read to the end", async () => {
  const [behind, level] = [newTenant(), newTenant()];
  await append(behind, entry("x"));
  await append(level, entry("y"));
  await storage.tenant(level, (tx) =>
    tx.sql.insertInto("follower").values({ tenant_id: level, name: "somebody", seq: 1n }).execute(),
  );
  const names = await tenantsBehind(storage.sweeper, "outbox", "somebody");
  expect(names).toContain(behind);
  expect(names).not.toContain(level);
});
