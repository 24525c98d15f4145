import { create } from "@bufbuild/protobuf";
import { PeerSchema } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { personCaller } from "../../../tests/access/callers.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { peersMax, peerStore } from "./peer.store.ts";

let storage: Awaited<ReturnType<typeof openTestStorage>>;
beforeAll(async () => {
  storage = await openTestStorage((await cloneDatabase()).url, { connectionsMax: 6 });
});
afterAll(() => storage.close());

async function add(tenant: TenantId, trustDomain: string): Promise<string> {
  const caller = personCaller(tenant, Role.ADMIN);
  const asked = { method: "link/test", requestId: `add-${trustDomain}`, answersSecret: false };
  const write = { caller, ...asked, requestHash: new Uint8Array(32) };
  const next = create(PeerSchema, { trustDomain });
  const adding = peerStore(storage).add(write, trustDomain, undefined, () => ({ next, facts: [] }));
  return await adding.then(
    () => "added",
    (error: unknown) => String(error),
  );
}

test("a tenant trusts a hundred peers, and not one more, however many come at once", async () => {
  const tenant = newTenant();
  const room = 2;
  await storage.tenant(tenant, async (tx) => {
    await sql`insert into peer (tenant_id, trust_domain, body)
      select ${tenant}, 'peer-' || n, ''::bytea
      from generate_series(1, ${peersMax - room}) as n`.execute(tx.sql);
  });
  const wishes = Array.from({ length: 12 }, (_, at) => add(tenant, `late-${at}.test`));
  const outcomes = await Promise.all(wishes);
  expect(outcomes.filter((one) => one === "added")).toHaveLength(room);
  expect(outcomes.filter((one) => one.includes(`${peersMax}`))).toHaveLength(12 - room);
});
