import { create } from "@bufbuild/protobuf";
import { HubProcessSchema } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { expect, test } from "vitest";
import type { Found } from "./upgrade.ts";
import { backupAgeMs, checksOf, worksWith } from "./upgrade.ts";

const nowMs = 1_800_000_000_000;
const hub = (id: string, version: string, live = true) =>
  create(HubProcessSchema, { spiffeId: `spiffe://a/hub/${id}`, version, live });

const fine: Found = {
  nowMs,
  version: "0.2.0",
  known: ["0001_roles", "0002_runtime"],
  breaking: [],
  applied: ["0001_roles", "0002_runtime"],
  processes: [hub("one", "0.2.0")],
  backupMs: nowMs - backupAgeMs,
  databaseBytes: 100,
  freeBytes: 100,
  configProblem: undefined,
  deprecated: [],
  certificates: [],
};

/** What is not right, with what mends it. */
function wrong(found: Partial<Found>): Record<string, string> {
  const checks = checksOf({ ...fine, ...found }).filter((one) => !one.ok);
  for (const { fix } of checks) expect(fix).not.toBe("");
  return Object.fromEntries(checks.map((one) => [one.name, one.detail]));
}

test("a hub with a fresh backup and nothing else the matter may be upgraded", () => {
  expect(wrong({})).toEqual({});
  for (const { fix } of checksOf(fine)) expect(fix).toBe("");
});

test("a migration that the program does not know is of a newer hub", () => {
  const applied = [...fine.applied, "0003_later"];
  expect(wrong({ applied }).migrations).toMatch(/has had 0003_later/);
});

test("migrations that wait are carried out; breaking ones not while others run the old version", () => {
  const known = [...fine.known, "0003_later"];
  expect(wrong({ known })).toEqual({});
  const marked = { known, breaking: ["0003_later"] };
  expect(wrong(marked)).toEqual({});
  expect(
    wrong({ ...marked, processes: [hub("one", "0.2.0"), hub("dead", "0.2.0", false)] }),
  ).toEqual({});
  const two = [hub("one", "0.2.0"), hub("two", "0.2.0")];
  expect(wrong({ ...marked, processes: two })["breaking migrations"]).toMatch(/would break/);
});

test("neighbouring releases serve one database, others do not", () => {
  expect(worksWith("0.2.0", "0.1.9")).toBe(true);
  expect(worksWith("0.2.0", "0.3.0")).toBe(true);
  expect(worksWith("0.3.0", "0.1.0")).toBe(false);
  expect(worksWith("1.0.0", "0.1.0")).toBe(false);
  expect(worksWith("odd", "odd")).toBe(true);
  const processes = [hub("one", "0.2.0"), hub("two", "0.4.0"), hub("gone", "0.9.0", false)];
  expect(wrong({ processes }).versions).toMatch(/hub\/two runs 0.4.0: more/);
});

test("a backup is of the last seven days, and there is room for the next one", () => {
  expect(wrong({ backupMs: undefined }).backup).toBe("none was ever made");
  expect(Object.keys(wrong({ backupMs: nowMs - backupAgeMs - 1 }))).toEqual(["backup"]);
  expect(Object.keys(wrong({ freeBytes: 99 }))).toEqual(["disk"]);
});

test("a config that would be refused, or has fields that go, is told before the restart", () => {
  expect(wrong({ configProblem: "host is empty" }).config).toBe("host is empty");
  expect(wrong({ deprecated: ["old_field"] }).config).toMatch(/old_field/);
});

test("a certificate is told of as long before its end as it takes to act", () => {
  const one = { name: "issuing certificate", noticeMs: 1_000, fix: "renew it" };
  expect(wrong({ certificates: [{ ...one, endMs: nowMs + 1_001 }] })).toEqual({});
  const soon = wrong({ certificates: [{ ...one, endMs: nowMs + 1_000 }] });
  expect(soon["issuing certificate"]).toMatch(/^ends 2027/);
  expect(wrong({ certificates: [{ ...one, endMs: nowMs }] })["issuing certificate"]).toMatch(
    /^ended/,
  );
});
