import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage, silentLog } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import type { LogEntry, LogFilter, NewEntry } from "./log.ts";
import { appendLog, readLog } from "./log.ts";
import { Ring } from "./ring.ts";
import { openTails } from "./tail.ts";

let storage: Awaited<ReturnType<typeof openTestStorage>>;
beforeAll(async () => {
  storage = await openTestStorage((await cloneDatabase()).url);
});
afterAll(() => storage.close());

const kinds = ["node.registered", "node.retired", "node", "nodes.x", "hub.presence", "a"];
const sources = ["s1", "s2"];
const subjects = ["", "x", "y"];
const wishes = [...kinds, "node.*", "hub.*", "b.*"];

const anEntry: fc.Arbitrary<NewEntry> = fc.record({
  kind: fc.constantFrom(...kinds),
  source: fc.constantFrom(...sources),
  subject: fc.constantFrom(...subjects),
  body: fc.constant(new Uint8Array()),
});
const aFilter: fc.Arbitrary<LogFilter> = fc.record({
  kinds: fc.subarray(wishes, { maxLength: 2 }),
  sources: fc.subarray(sources, { maxLength: 1 }),
  subjects: fc.subarray(subjects, { maxLength: 2 }),
});

/** The filter as its words say it, by hand. */
function wanted(filter: LogFilter, entry: NewEntry): boolean {
  const kindFits = (filter.kinds ?? []).map((kind) =>
    kind.endsWith(".*") ? entry.kind.startsWith(kind.replace("*", "")) : kind === entry.kind,
  );
  const fits = (list: readonly string[] = [], value: string) =>
    list.length === 0 || list.includes(value);
  return (
    (kindFits.length === 0 || kindFits.includes(true)) &&
    fits(filter.sources, entry.source) &&
    fits(filter.subjects, entry.subject)
  );
}

test("a filter takes the same from the table and from the shared end of a log", async () => {
  const scenario = fc.tuple(
    fc.array(anEntry, { minLength: 1, maxLength: 30 }),
    aFilter,
    fc.nat(30),
  );
  const tails = openTails(storage, "event", silentLog);
  await fc.assert(
    fc.asyncProperty(scenario, async ([entries, filter, limit]) => {
      const tenant = newTenant();
      const tail = tails(tenant);
      const ending = new AbortController();
      // Once its ring stands at 0, everything that is appended goes through it.
      await tail.grown(0n, 20, ending.signal);
      await storage.tenant(tenant, (tx) => appendLog(tx, "event", entries));
      const end = BigInt(entries.length);
      await tail.grown(end - 1n, 5_000, ending.signal);
      const expected = entries.flatMap((entry, at) => (wanted(filter, entry) ? [at + 1] : []));
      const heard = { ring: [] as number[], table: [] as number[] };
      for (let cursor = 0n; cursor < end;) {
        const page = await tail.read(cursor, limit + 1, filter);
        heard.ring.push(...page.entries.map((entry) => Number(entry.seq)));
        ({ cursor } = page);
      }
      for (let cursor = 0n; cursor < end;) {
        const after = cursor;
        const page = await storage.tenant(tenant, (tx) =>
          readLog(tx, "event", after, limit + 1, filter),
        );
        heard.table.push(...page.entries.map((entry) => Number(entry.seq)));
        ({ cursor } = page);
      }
      tail.close();
      expect(heard).toEqual({ ring: expected, table: expected });
    }),
    { numRuns: 60 },
  );
});

test("the shared end is bounded by entries and by bytes, and never has a hole", () => {
  const entry = (seq: number, bytes: number): LogEntry => ({
    kind: "a",
    source: "",
    subject: "",
    storedMs: 0n,
    seq: BigInt(seq),
    body: new Uint8Array(bytes),
  });
  const small = new Ring(0n);
  for (let seq = 1; seq <= 5_000; seq++) small.push([entry(seq, 1)], BigInt(seq));
  expect([small.covers(2_951n), small.covers(2_952n)]).toEqual([false, true]);
  expect(small.after(4_998n, 10).map(({ seq }) => seq)).toEqual([4_999n, 5_000n]);
  const large = new Ring(0n);
  for (let seq = 1; seq <= 40; seq++) large.push([entry(seq, 262_144)], BigInt(seq));
  expect([large.covers(23n), large.covers(24n)]).toEqual([false, true]);
  large.push([entry(50, 1)], 50n);
  expect([large.covers(48n), large.covers(49n)]).toEqual([false, true]);
});

test("a reader that waits is woken by an append, by time, and by its own end", async () => {
  const tenant = newTenant();
  const tail = openTails(storage, "event", silentLog)(tenant);
  const ending = new AbortController();
  await tail.grown(0n, 1, ending.signal);
  const appended = tail.grown(0n, 60_000, ending.signal);
  const one = { kind: "a", source: "", subject: "", body: new Uint8Array() };
  await storage.tenant(tenant, (tx) => appendLog(tx, "event", [one]));
  await appended;
  const ended = tail.grown(1n, 60_000, ending.signal);
  ending.abort();
  await ended;
  tail.close();
});
