import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { IdentitySchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { beforeEach, expect, test } from "vitest";
import { openDirectory, type Directory, type Presented } from "./directory.ts";

const main = tenantProved("main");
const spiffeId = "spiffe://foedus.test/tenant/main/node/node_1";
const identity = create(IdentitySchema, {
  nodeId: "node_1",
  name: "one",
  role: Role.MEMBER,
  spiffeId,
});
const revoked = { ...identity, revokeTime: timestampFromMs(5), revokeReason: "lost" };
const presented: Presented = { spiffeId, serial: "AA", expireMs: 1_000 };

let nowMs = 0;
let cut: string[] = [];
let misses = 0;
let directory: Directory;

beforeEach(() => {
  nowMs = 0;
  cut = [];
  misses = 0;
  directory = openDirectory({
    trustDomain: "foedus.test",
    nowMs: () => nowMs,
    cut: (id) => void cut.push(id),
    missed: () => void misses++,
  });
  directory.learn(main, identity, [presented]);
});

function verdict(of: Partial<Presented> = {}): string {
  try {
    return directory.authenticate({ ...presented, ...of }).id;
  } catch (error) {
    return error instanceof Fault ? reasonName(error.reason) : String(error);
  }
}

test("a known certificate is its node, with its role and its tenant", () => {
  expect(directory.authenticate(presented)).toEqual({
    kind: "node",
    audience: 1,
    tenant: "main",
    role: Role.MEMBER,
    id: spiffeId,
    nodeId: "node_1",
    certificateSerial: "AA",
    certificateExpireMs: 1_000,
  });
});

test("a certificate ends when it ends, by the hub's clock", () => {
  nowMs = 999;
  expect(verdict()).toBe(spiffeId);
  nowMs = 1_000;
  expect(verdict()).toBe("CERTIFICATE_EXPIRED");
});

test("the serial is known, or newer than what is known", () => {
  expect(verdict({ serial: "BB" })).toBe("CERTIFICATE_UNKNOWN");
  expect(verdict({ serial: "BB", expireMs: 1_001 })).toBe(spiffeId);
  directory.learn(main, identity, [{ serial: "CC", expireMs: 2_000 }]);
  expect(verdict({ serial: "BB", expireMs: 1_001 })).toBe("CERTIFICATE_UNKNOWN");
  expect(verdict()).toBe(spiffeId);
});

test("a revoked node is cut at once, and stays revoked whatever is heard later", () => {
  directory.learn(main, revoked, []);
  expect(cut).toEqual([spiffeId]);
  expect(verdict()).toBe("NODE_REVOKED");
  directory.learn(main, identity, [{ serial: "DD", expireMs: 9_000 }]);
  expect(verdict()).toBe("NODE_REVOKED");
  expect(verdict({ serial: "DD", expireMs: 9_000 })).toBe("NODE_REVOKED");
});

test("a quarantined node is cut, whatever older is heard later, until it is released", () => {
  const out = { ...identity, quarantineTime: timestampFromMs(5), revision: 1n };
  directory.learn(main, out, []);
  expect(cut).toEqual([spiffeId]);
  expect(verdict()).toBe("NODE_QUARANTINED");
  directory.learn(main, identity, [presented]);
  expect(verdict()).toBe("NODE_QUARANTINED");
  directory.learn(main, { ...identity, revision: 2n }, []);
  expect(verdict()).toBe(spiffeId);
  directory.learn(main, out, []);
  expect(verdict()).toBe(spiffeId);
});

test("who is out and knocks again is not cut a second time by what is heard of it", () => {
  const out = { ...identity, quarantineTime: timestampFromMs(5), revision: 1n };
  directory.learn(main, out, []);
  directory.learn(main, out, [presented]);
  expect(cut).toEqual([spiffeId]);
  directory.learn(main, { ...identity, revision: 2n }, []);
  directory.learn(main, { ...out, revision: 3n }, []);
  directory.learn(main, { ...revoked, revision: 4n }, []);
  expect(cut).toEqual([spiffeId, spiffeId]);
  expect(verdict()).toBe("NODE_REVOKED");
});

test.each([
  ["no id", undefined],
  ["another domain", "spiffe://foedus.evil/tenant/main/node/node_1"],
  ["a domain in capitals", "spiffe://FOEDUS.test/tenant/main/node/node_1"],
  ["another tenant", "spiffe://foedus.test/tenant/other/node/node_1"],
  ["another node", "spiffe://foedus.test/tenant/main/node/node_2"],
  ["a hub", "spiffe://foedus.test/hub/node_1"],
  ["a percent sign", "spiffe://foedus.test/tenant/main/node/node%5f1"],
  ["dots", "spiffe://foedus.test/tenant/main/node/../node/node_1"],
  ["a port", "spiffe://foedus.test:443/tenant/main/node/node_1"],
  ["a query", `${spiffeId}?x`],
  ["a fragment", `${spiffeId}#x`],
  ["a slash behind it", `${spiffeId}/`],
  ["an empty segment", "spiffe://foedus.test/tenant//main/node/node_1"],
  ["a deeper path", `${spiffeId}/agent/a`],
  ["another scheme", "https://foedus.test/tenant/main/node/node_1"],
  ["a space before it", ` ${spiffeId}`],
])("a certificate with %s is nobody's", (_what, id) => {
  expect(verdict({ spiffeId: id })).toBe("CERTIFICATE_UNKNOWN");
});

test("who may have enrolled elsewhere is looked up, and nobody else", () => {
  verdict({ spiffeId: "spiffe://foedus.test/tenant/main/node/node_9" });
  verdict({ spiffeId: "spiffe://foedus.evil/tenant/main/node/node_9" });
  verdict({ spiffeId: "spiffe://foedus.test/hub/hub_1" });
  expect(misses).toBe(1);
  expect(directory.takeMissed()).toEqual([{ tenant: "main", nodeId: "node_9" }]);
  expect(directory.takeMissed()).toEqual([]);
});

test("whoever lapsed long ago is forgotten", () => {
  nowMs = 1_000 + 86_400_000;
  expect(directory.prune()).toBe(1);
  nowMs += 1;
  expect(directory.prune()).toBe(0);
  expect(verdict()).toBe("CERTIFICATE_UNKNOWN");
});
