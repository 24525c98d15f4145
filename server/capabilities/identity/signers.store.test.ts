import { newSigningKey } from "@foedus/kernel/signing.ts";
import { expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { openDomainKeys, readAgainMs } from "./signers.rpc.ts";

const keyOf = (hub: string) => ({
  spiffeId: `spiffe://foedus.local/hub/${hub}`,
  publicKey: newSigningKey().publicKey,
});

test("keys of other hubs are read a second later, and no sooner, however many ask", async () => {
  await using storage = await openTestStorage((await cloneDatabase()).url);
  let [nowMs, reads] = [storage.nowMs(), 0];
  const counted = {
    ...storage,
    nowMs: () => nowMs,
    tenant: ((...given: Parameters<typeof storage.tenant>) => {
      reads += 1;
      return storage.tenant(...given);
    }) as typeof storage.tenant,
  };
  const [own, other] = [keyOf("hub_1"), keyOf("hub_2")];
  const keys = await openDomainKeys(counted, own);
  await openDomainKeys(storage, other);
  const before = reads;
  nowMs += readAgainMs - 1;
  expect(await keys.recent()).toEqual([own]);
  nowMs += 1;
  const all = await Promise.all(Array.from({ length: 50 }, () => keys.recent()));
  expect(reads - before).toBe(1);
  for (const one of all) expect(one.map(({ spiffeId }) => spiffeId)).toContain(other.spiffeId);
  expect(keys.known()).toHaveLength(2);
});
