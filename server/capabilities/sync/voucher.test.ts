import { newSigningKey } from "@foedus/kernel/signing.ts";
import { expect, test } from "vitest";
import { openVoucher, tellsMs } from "./voucher.ts";

const said = {
  tenant: "main",
  nodeId: "node_a",
  name: "a",
  publicKey: new Uint8Array(32),
  zones: ["world"],
  replicas: ["r"],
  trustDomain: "foedus.local",
};

test("what is said of a node is signed once in five minutes, and at once if it changes", () => {
  const vouch = openVoucher(newSigningKey());
  const first = vouch(said, 1_000);
  expect(vouch({ ...said }, 1_000 + tellsMs - 1)).toBe(first);
  expect(vouch(said, 1_000 + tellsMs)).not.toBe(first);
  const now = 2_000_000;
  const others = [
    said,
    { ...said, zones: [] },
    { ...said, replicas: ["r", "s"] },
    { ...said, name: "b" },
    { ...said, publicKey: new Uint8Array(32).fill(1) },
  ];
  const before = vouch(said, now);
  for (const other of others.slice(1)) expect(vouch(other, now)).not.toBe(before);
  // Another tenant's node of the same id is another node.
  vouch(said, now);
  expect(vouch({ ...said, tenant: "other" }, now).membership).not.toEqual(before.membership);
});
