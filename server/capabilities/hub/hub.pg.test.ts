import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CapabilityState } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { HealthStatus } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runStatement } from "../../../tests/support/database.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { personOf, registeredNode } from "../../../tests/support/joined.ts";
import { backup } from "../../backup.ts";
import { noteBreaking } from "../../runtime/storage/breaking.ts";
import { listProcesses } from "../../runtime/storage/processes.ts";
import { until } from "../../../tests/support/until.ts";

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: { control_rate: "1000" } });
});
afterAll(() => local.stop());

const as = (role: Role) => local.hub.calls.as(HubService, personOf(role));
const member = () => {
  const caller = { ...personOf(Role.MEMBER), operator: false };
  return local.hub.calls.as(HubService, caller);
};

test("the status tells where to connect, how each capability is, and who serves", async () => {
  const { nodeAddress, webAddress } = local.running.status();
  const serves = async () => {
    const { status } = await as(Role.OBSERVER).getStatus({});
    expect(status).toMatchObject({ nodeAddress, webAddress });
    expect(status?.invitation).toMatch(/^foedus:\/\/127\.0\.0\.1:\d+\/main#[\w-]{22}$/);
    const states = status?.capabilities.map(({ name, state }) => [name, state]);
    expect(states).toContainEqual(["hub", CapabilityState.SERVING]);
    const own = { spiffeId: local.hub.identity.spiffeId, nodeAddress, live: true };
    expect(status?.processes).toMatchObject([own]);
  };
  // The doors open after the capabilities; their addresses are told a moment later.
  await until(serves);
});

test("another tenant's people are invited to their own tenant", async () => {
  const elsewhere = { ...personOf(Role.ADMIN), tenant: tenantProved("acme"), operator: false };
  const { status } = await local.hub.calls.as(HubService, elsewhere).getStatus({});
  expect(status?.invitation).toMatch(/^foedus:\/\/127\.0\.0\.1:\d+\/acme#[\w-]{22}$/);
});

test("the config is told to an operator, without its secrets, and to nobody else", async () => {
  const { entries } = await as(Role.ADMIN).getConfig({});
  const url = entries.find(({ field }) => field === "database_url");
  expect(url).toMatchObject({ value: "(secret)", source: "environment DATABASE_URL" });
  const owner = { ...personOf(Role.ADMIN), operator: false };
  for (const other of [as(Role.OBSERVER), local.hub.calls.as(HubService, owner)]) {
    await expect(other.getConfig({})).rejects.toThrow("needs operator with role admin");
  }
});

test("usage names every limit that the hub has", async () => {
  const { limits } = await as(Role.ADMIN).getUsage({});
  const named = new Map(limits.map((one) => [`${one.name} ${one.subject}`, one]));
  expect(named.get("connections_max node listener")).toMatchObject({ max: 20_000n });
  expect(named.get("event_days ")).toMatchObject({ used: 0n, warning: false });
  expect(Number(named.get("database_bytes ")?.used)).toBeGreaterThan(1_000_000);
  expect(Number(named.get("disk_bytes ")?.max)).toBeGreaterThan(0);
  expect(named.get("join_requests ")).toMatchObject({ used: 0n, max: 1_000n });
});

test("who asks is among those whose rate is told, and hears how much it used", async () => {
  const { limits } = await member().getUsage({});
  const own = limits.find((one) => one.name === "control_rate");
  expect(own).toMatchObject({ max: 1_000n, warning: false });
  expect(own?.subject).toMatch(/^person\//);
  expect(Number(own?.used)).toBeGreaterThan(0);
});

test("members do not hear of others' addresses, nor of other tenants", async () => {
  const names = new Set((await member().getUsage({})).limits.map(({ name }) => name));
  expect(names).toContain("database_bytes");
  expect(names).not.toContain("connections_per_address_max");
});

test("an upgrade waits for a backup, which is noted when it is made", async () => {
  const checkOf = async (name: string) => {
    const { checks } = await as(Role.ADMIN).checkUpgrade({});
    return checks.find((one) => one.name === name);
  };
  expect(await checkOf("migrations")).toMatchObject({ ok: true, fix: "" });
  expect(await checkOf("issuing certificate")).toMatchObject({ ok: true });
  expect(await checkOf("root certificate")).toMatchObject({ ok: true });
  expect(await checkOf("config")).toMatchObject({ ok: true });
  expect(await checkOf("backup")).toMatchObject({ ok: false, detail: "none was ever made" });
  const file = join(local.data, "hub.backup");
  const sources = { flags: { data: local.data, database_url: local.url } };
  await backup({ sources, file, passphrase: "correct horse", world: realWorld });
  await rm(file);
  expect(await checkOf("backup")).toMatchObject({ ok: true });
  const refused: unknown = await as(Role.MEMBER)
    .checkUpgrade({})
    .catch((error: unknown) => error);
  expect(String(refused)).toMatch(/needs operator with role admin/);
});

test("the federation is unknown without nodes, and as well as its nodes are", async () => {
  const health = async () => (await as(Role.OBSERVER).getFederationHealth({})).health;
  expect(await health()).toMatchObject({ status: "unknown", online: 0 });
  const node = await registeredNode(local.hub);
  const beat = (sequence: bigint, status: HealthStatus) =>
    node.nodes.heartbeat({ epoch: 1n, sequence, sentMs: 1n, health: status, reasons: ["hot"] });
  await beat(1n, HealthStatus.HEALTHY);
  await until(async () => {
    expect(await health()).toMatchObject({ status: "healthy", online: 1, reasons: [] });
  });
  await beat(2n, HealthStatus.DEGRADED);
  await until(async () => {
    const reasons = ["1 of 1 node reports trouble"];
    expect(await health()).toMatchObject({ status: "degraded", degraded: 1, reasons });
  });
  const asked = await local.hub.calls.as(HubService, node.caller).getFederationHealth({});
  expect(asked.health?.status).toBe("degraded");
});

test("who asks for the health and goes takes nobody else's answer along", async () => {
  const stop = new AbortController();
  const asking = as(Role.OBSERVER).getFederationHealth({}, { signal: stop.signal });
  const gone = asking.catch(() => "gone");
  const other = as(Role.ADMIN).getFederationHealth({});
  stop.abort();
  expect((await other).health?.asOfTime).toBeDefined();
  await gone;
});

test("a hub that stops is on the list no more, one that starts again is", async () => {
  const once = await startLocalHub();
  const storage = once.hub.storage;
  const { hubId } = once.hub.identity;
  const first = async () => (await listProcesses(storage, hubId)).map(({ live }) => live);
  expect(await first()).toEqual([true]);
  const { data, url } = once;
  await once.stop({ keep: true });
  const again = await startLocalHub({ again: { data, url } });
  const seen = await listProcesses(again.hub.storage, hubId);
  expect(seen.map(({ spiffeId, live }) => [spiffeId, live])).toEqual([
    [again.hub.identity.spiffeId, true],
  ]);
  await again.stop();
});

test("a hub ends when a newer release has taken away what it needs", async () => {
  const old = await startLocalHub();
  await runStatement(old.url, `set role foedus_owner; ${noteBreaking("9999_later")}`);
  const fault = await old.running.failed;
  expect(fault.message).toMatch(/the database has had 9999_later/);
  await old.stop();
});
