import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import { afterAll, expect, test } from "vitest";
import { testFolder } from "../../../tests/support/bundled.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { appendLog, readLog } from "./log.ts";
import { migrate } from "./migrate.ts";
import type { Storage } from "./storage.ts";

// PostgreSQL itself is killed here, so this file has one of its own.
const folder = testFolder();
const retryMs = 20;

afterAll(async () => {
  await folder.remove();
});

/** Counts, and tells whoever waits for a number when it is reached. */
function counter() {
  let count = 0;
  const waiting: { at: number; resolve(): void }[] = [];
  return {
    more(by: number): Promise<void> {
      return new Promise((resolve) => waiting.push({ at: count + by, resolve }));
    },
    up(): void {
      count += 1;
      for (const { at, resolve } of waiting) if (count >= at) resolve();
    },
  };
}

/** Every subject in the log, which must be numbered without a hole. */
async function wholeLog(storage: Storage, tenant: TenantId): Promise<string[]> {
  const stored: string[] = [];
  for (let more = true; more;) {
    const cursor = BigInt(stored.length);
    const page = await storage.tenant(tenant, (tx) => readLog(tx, "outbox", cursor));
    for (const { seq, subject } of page.entries) {
      stored.push(subject);
      expect(seq).toBe(BigInt(stored.length));
    }
    more = page.cursor < page.head;
  }
  return stored;
}

test("PostgreSQL killed three times under load: nothing acknowledged is lost, and it goes on", async () => {
  const { url } = await folder.start();
  await migrate(url);
  await using storage = await openTestStorage(url, { connectionsMax: 6 });
  const tenant = tenantProved("outage");
  const [acks, failures] = [counter(), counter()];
  const acked: string[] = [];
  const unsure = new Set<string>();
  const reasons = new Set<unknown>();
  let writing = true;
  const write = async (writer: number) => {
    for (let turn = 0; writing; turn++) {
      const subject = `${writer}.${turn}`;
      const entry = { kind: "k", source: "", subject, body: new Uint8Array(0) };
      try {
        await storage.tenant(tenant, (tx) => appendLog(tx, "outbox", [entry]));
        acked.push(subject);
        acks.up();
      } catch (error) {
        unsure.add(subject);
        reasons.add(error instanceof Fault ? error.reason : error);
        failures.up();
        await storage.world.timers.sleep(retryMs);
      }
    }
  };
  const writers = Array.from({ length: 6 }, (_, writer) => write(writer));
  for (let kill = 0; kill < 3; kill++) {
    await acks.more(100);
    const failing = failures.more(1);
    process.kill(folder.postmaster(), "SIGKILL");
    await failing;
  }
  await acks.more(100);
  writing = false;
  await Promise.all(writers);

  const stored = await wholeLog(storage, tenant);
  const kept = new Set(stored);
  expect(kept.size).toBe(stored.length);
  expect(acked.filter((subject) => !kept.has(subject))).toEqual([]);
  expect(stored.filter((subject) => unsure.has(subject)).length).toBe(stored.length - acked.length);
  expect([...reasons]).toEqual([Reason.DATABASE_UNREACHABLE]);
});
