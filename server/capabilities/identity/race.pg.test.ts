// T-I3: however many redeem one token at once, one node joins.
import type { Client } from "@connectrpc/connect";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { stranger } from "@foedus/kernel/caller.ts";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { home, personCaller } from "../../../tests/access/callers.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import {
  enrollRequest,
  newJoiner,
  newRequestId,
  type Joiner,
} from "../../../tests/support/joiner.ts";
import { access } from "../access/index.ts";
import { identityWith } from "./index.ts";
import { redeemOnce, tokenNow, type Redeem } from "./token.store.ts";

const rounds = 100;
const racers = 1_000;
const joinersMax = 8;
const raceMs = 300_000;

let joiners: Joiner[] = [];
let local: LocalHub;
/** How many reached the statement, rather than being told before that it is too late. */
let reached = 0;

const counted: Redeem = (tx, wish) => {
  reached += 1;
  return redeemOnce(tx, wish);
};

/** What one would write without thinking: look, then take. */
const lookThenTake: Redeem = async (tx, { tokenId, nodeId }) => {
  const token = await tokenNow(tx, tokenId);
  if (token === undefined || token.endTime !== undefined) return undefined;
  await tx.sql
    .updateTable("join_token")
    .set({ end_ms: BigInt(tx.nowMs), node_id: nodeId })
    .where("tenant_id", "=", tx.tenant)
    .where("id", "=", tokenId)
    .execute();
  return token;
};

beforeAll(async () => {
  local = await start(counted);
  joiners = await Promise.all(Array.from({ length: joinersMax }, () => newJoiner()));
});
afterAll(() => local.stop());

function start(redeem: Redeem, again?: LocalHub): Promise<LocalHub> {
  const values = { join_rate: "10000000" };
  return startLocalHub({ values, capabilities: [access, identityWith(redeem)], again });
}

function as(on: LocalHub, caller: Parameters<LocalHub["hub"]["calls"]["as"]>[1]) {
  return on.hub.calls.as(IdentityService, caller);
}

/** All redeem one token at once, each for itself; how each fared. */
async function race(on: LocalHub, times: number): Promise<Map<string, number>> {
  const admin = as(on, personCaller(home, Role.ADMIN));
  const { secret } = await admin.createToken({ requestId: newRequestId() });
  const addresses = joiners.map((_, at) => as(on, stranger("joiner", `192.0.2.${at}`)));
  const wishes = joiners.map((joiner) => enrollRequest(joiner, secret));
  const tries = Array.from({ length: times }, (_, at) => {
    const [client, wish] = [addresses[at % joinersMax], wishes[at % joinersMax]];
    if (client === undefined || wish === undefined) throw new Error("nobody joins");
    return outcome(client, { ...wish, requestId: newRequestId() });
  });
  const outcomes = new Map<string, number>();
  for (const each of await Promise.all(tries)) outcomes.set(each, (outcomes.get(each) ?? 0) + 1);
  return outcomes;
}

async function outcome(
  client: Client<typeof IdentityService>,
  request: ReturnType<typeof enrollRequest>,
): Promise<string> {
  try {
    await client.enroll(request);
    return "admitted";
  } catch (error) {
    if (error instanceof Fault) return reasonName(error.reason);
    throw error;
  }
}

async function certificates(on: LocalHub): Promise<number> {
  const rows = await on.hub.storage.sweeper.selectFrom("certificate").select("serial").execute();
  return rows.length;
}

test(
  "1,000 redeem one token at once, 100 times: 100 nodes, 100 certificates",
  { timeout: raceMs },
  async () => {
    let raced = 0;
    for (let round = 0; round < rounds; round += 1) {
      reached = 0;
      const outcomes = await race(local, racers);
      expect(Object.fromEntries(outcomes)).toEqual({ admitted: 1, TOKEN_USED: racers - 1 });
      if (reached > 1) raced += 1;
    }
    expect(raced, "a race needs two at the statement").toBeGreaterThanOrEqual(0.9 * rounds);
    expect(await certificates(local)).toBe(rounds);
    const { identities } = await as(local, personCaller(home, Role.ADMIN)).listIdentities({
      page: { size: 1_000 },
    });
    expect(identities).toHaveLength(rounds);
  },
);

test(
  "without the atomic statement more than one joins, and the race shows it",
  { timeout: raceMs },
  async () => {
    const broken = await start(lookThenTake);
    try {
      let winners = 0;
      for (let round = 0; round < rounds && winners < 2; round += 1) {
        winners = (await race(broken, racers)).get("admitted") ?? 0;
      }
      expect(winners).toBeGreaterThan(1);
    } finally {
      await broken.stop();
    }
  },
);

test("a used token admits nobody after a restart either", async () => {
  const admin = as(local, personCaller(home, Role.ADMIN));
  const { secret } = await admin.createToken({ requestId: newRequestId() });
  const [joiner] = joiners;
  if (joiner === undefined) throw new Error("nobody joins");
  const client = as(local, stranger("joiner", "192.0.2.1"));
  expect(await outcome(client, enrollRequest(joiner, secret))).toBe("admitted");
  await local.stop({ keep: true });
  local = await start(counted, local);
  const again = as(local, stranger("joiner", "192.0.2.1"));
  expect(await outcome(again, enrollRequest(joiner, secret))).toBe("TOKEN_USED");
});
