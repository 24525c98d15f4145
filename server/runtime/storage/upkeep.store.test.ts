import { create } from "@bufbuild/protobuf";
import { NodeSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { personOf } from "../../../tests/support/joined.ts";
import { shifted } from "../../../tests/support/shifted.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { decide } from "./decide.ts";
import { appendLog, readLog } from "./log.ts";
import { upkeepLoops } from "./upkeep.ts";

let storage: Awaited<ReturnType<typeof openTestStorage>>;
beforeAll(async () => {
  storage = await openTestStorage((await cloneDatabase()).url);
});
afterAll(() => storage.close());

const dayMs = 86_400_000;
const { tenant } = personOf(1);

/** Every loop once, as at the start of a hub some days from now. */
async function upkeep(days: number): Promise<void> {
  for (const { run } of upkeepLoops(shifted(storage, days * dayMs))) {
    const ending = new AbortController();
    const running = run(ending.signal);
    ending.abort();
    await running;
  }
}

test("answers go after a day, facts after a week", async () => {
  await upkeep(0);
  const write = {
    caller: personOf(1),
    method: "test",
    requestId: "request-1",
    requestHash: new Uint8Array(32),
    answersSecret: false,
  };
  const answer = create(NodeSchema, { id: "a" });
  await decide(storage, write, NodeSchema, () =>
    Promise.resolve({ answer, facts: [], object: "a" }),
  );
  const entry = { kind: "a", source: "", subject: "", body: new Uint8Array() };
  await storage.tenant(tenant, (tx) => appendLog(tx, "outbox", [entry]));
  const left = async () => {
    const { rows } = await sql<{ count: bigint }>`select count(*) from answer`.execute(
      storage.sweeper,
    );
    const page = await storage.tenant(tenant, (tx) => readLog(tx, "outbox", 0n));
    return { answers: Number(rows[0]?.count), facts: page.entries.length };
  };
  expect(await left()).toEqual({ answers: 1, facts: 1 });
  await upkeep(2);
  expect(await left()).toEqual({ answers: 0, facts: 1 });
  await upkeep(9);
  expect(await left()).toEqual({ answers: 0, facts: 0 });
});
