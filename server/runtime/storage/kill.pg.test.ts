import { create } from "@bufbuild/protobuf";
import { NodeSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { killAllScripts, killScript, lineOf, runScript } from "../../../tests/support/script.ts";
import type { Script } from "../../../tests/support/script.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { decide } from "./decide.ts";
import { followOnce, type Follower } from "./follow.ts";
import { appendLog, readLog } from "./log.ts";

let url: string;
let storage: Awaited<ReturnType<typeof openTestStorage>>;

beforeAll(async () => {
  ({ url } = await cloneDatabase());
  storage = await openTestStorage(url);
});

afterEach(() => killAllScripts());
afterAll(async () => {
  await storage.close();
});

/** A process of its own over the same database: what `source` does with `storage`, until killed. */
function hub(tenant: TenantId, source: string): Script {
  const here = (path: string) => new URL(path, import.meta.url).href;
  return runScript(
    `const { openTestStorage } = await import("${here("../../../tests/support/storage.ts")}");
     const { appendLog } = await import("${here("./log.ts")}");
     const { follow } = await import("${here("./follow.ts")}");
     const { decide } = await import("${here("./decide.ts")}");
     const { NodeSchema } = await import("@foedus/gen/foedus/node/v1/node_pb.js");
     const { insideCaller } = await import("${here("../../kernel/caller.ts")}");
     const { create } = await import("@bufbuild/protobuf");
     const [url, tenant] = process.argv.slice(1);
     const entry = (subject) => ({ kind: "k", source: "", subject, body: new Uint8Array(0) });
     const storage = await openTestStorage(url);
     ${source}`,
    { args: [url, tenant] },
  );
}

async function subjects(tenant: TenantId): Promise<string[]> {
  const found: string[] = [];
  for (let more = true; more;) {
    const after = BigInt(found.length);
    const page = await storage.tenant(tenant, (tx) => readLog(tx, "outbox", after));
    for (const { seq, subject } of page.entries) {
      found.push(subject);
      expect(seq).toBe(BigInt(found.length));
    }
    more = page.cursor < page.head;
  }
  return found;
}

test("a process killed in the middle of a transaction leaves no number taken and no lock", async () => {
  const tenant = tenantProved("middle");
  const dying = hub(
    tenant,
    `await storage.tenant(tenant, async (tx) => {
       console.log("has " + (await appendLog(tx, "outbox", [entry("lost")])));
       await new Promise(() => process.stdin.resume());
     });`,
  );
  expect(await lineOf(dying, /^has/)).toBe("has 1");
  const waiting = storage.tenant(tenant, (tx) =>
    appendLog(tx, "outbox", [{ kind: "k", source: "", subject: "kept", body: new Uint8Array(0) }]),
  );
  await killScript(dying);
  expect(await waiting).toBe(1n);
  expect(await subjects(tenant)).toEqual(["kept"]);
});

test("three writers killed under load, four times: what was acknowledged is there, once", async () => {
  const tenant = tenantProved("load");
  const acked = new Set<string>();
  for (let round = 0; round < 4; round++) {
    const writers = [0, 1, 2].map((writer) =>
      hub(
        tenant,
        `for (let turn = 0; ; turn++) {
           const subject = "${round}.${writer}." + turn;
           await storage.tenant(tenant, (tx) => appendLog(tx, "outbox", [entry(subject)]));
           console.log(subject);
         }`,
      ),
    );
    await Promise.all(
      writers.map((writer, at) => lineOf(writer, new RegExp(`\\.${20 + 15 * at}$`))),
    );
    await Promise.all(writers.map((writer) => killScript(writer)));
    for (const { lines } of writers) for (const line of lines) acked.add(line);
  }
  const stored = await subjects(tenant);
  expect(new Set(stored).size).toBe(stored.length);
  const kept = new Set(stored);
  expect([...acked].filter((subject) => !kept.has(subject))).toEqual([]);
  expect(stored.length - acked.size).toBeLessThanOrEqual(4 * 3);
});

test("a decision whose process dies before the commit is carried out once, by who asks again", async () => {
  const tenant = tenantProved("decision");
  const dying = hub(
    tenant,
    `const write = { caller: insideCaller("test", tenant), method: "m", requestId: "request",
       requestHash: new Uint8Array(32), answersSecret: false };
     await decide(storage, write, NodeSchema, async (tx) => {
       await tx.sql.insertInto("hub_fact").values({ tenant_id: tenant, name: "effect", value: "" }).execute();
       console.log("done, not committed");
       await new Promise(() => process.stdin.resume());
     });`,
  );
  await lineOf(dying, /^done/);
  const write = {
    caller: insideCaller("test", tenant),
    method: "m",
    requestId: "request",
    requestHash: new Uint8Array(32),
    answersSecret: false,
  };
  const again = decide(storage, write, NodeSchema, async (tx) => {
    await tx.sql
      .insertInto("hub_fact")
      .values({ tenant_id: tenant, name: "effect", value: "again" })
      .execute();
    return { answer: create(NodeSchema, { id: "made again" }), facts: [], object: "" };
  });
  await killScript(dying);
  expect(await again).toMatchObject({ id: "made again" });
  const effects = await rowsOf(url, `select value from hub_fact where tenant_id = '${tenant}'`);
  expect(effects).toEqual([{ value: "again" }]);
});

test("followers killed again and again act on each entry once", async () => {
  const tenant = tenantProved("followed");
  const total = 600;
  const following = `await follow(storage, { name: "f", log: "outbox", kinds: [], async act(tx, entries) {
       for (const { seq } of entries) {
         await tx.sql.insertInto("hub_fact")
           .values({ tenant_id: tx.tenant, name: String(seq), value: "" }).execute();
       }
       console.log("acted");
     } }, new AbortController().signal);`;
  const writing = (async () => {
    for (let turn = 0; turn < total / 2; turn++) {
      const one = { kind: "k", source: "", subject: "", body: new Uint8Array(0) };
      await storage.tenant(tenant, (tx) => appendLog(tx, "outbox", [one, one]));
    }
  })();
  for (let round = 0; round < 4; round++) {
    const hubs = [hub(tenant, following), hub(tenant, following)];
    await Promise.race(hubs.map((each) => lineOf(each, /^acted/)));
    await Promise.all(hubs.map((each) => killScript(each)));
  }
  await writing;
  const last: Follower = {
    name: "f",
    log: "outbox",
    kinds: [],
    async act(tx, entries) {
      const rows = entries.map(({ seq }) => ({ tenant_id: tenant, name: String(seq), value: "" }));
      await tx.sql.insertInto("hub_fact").values(rows).execute();
    },
  };
  while (await followOnce(storage, last, tenant));
  const acted = await rowsOf(url, `select name from hub_fact where tenant_id = '${tenant}'`);
  expect(acted).toHaveLength(total);
});
