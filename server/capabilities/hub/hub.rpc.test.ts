import { createClient } from "@connectrpc/connect";
import { CapabilityState } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BareHub } from "../../../tests/support/hub.bare.ts";
import { person, startBareHub } from "../../../tests/support/hub.bare.ts";
import { webTransport } from "../../../tests/support/wire.ts";
import { hub as capability } from "./index.ts";

let hub: BareHub;
beforeAll(async () => {
  const values = { database_url: "postgres://foedus:canary-91@db/foedus", tenant: "main" };
  hub = await startBareHub({ capabilities: [capability], values });
  hub.sessions.set("observer-secret", person("olga", Role.OBSERVER));
});
afterAll(() => hub.running.stop());

test("the status tells where to connect, whom to trust, and how each capability is", async () => {
  const { status } = await createClient(HubService, webTransport(hub)).getStatus({});
  expect(status?.webAddress).toBe(hub.web);
  expect(`https://${status?.nodeAddress}`).toBe(hub.node);
  expect(status?.invitation).toMatch(/^foedus:\/\/127\.0\.0\.1:\d+\/main#[\w-]{22}$/);
  const states = status?.capabilities.map(({ name, state }) => [name, state]);
  expect(states).toContainEqual(["hub", CapabilityState.SERVING]);
});

test("the config is told to an admin, without its secrets", async () => {
  const { entries } = await createClient(HubService, webTransport(hub)).getConfig({});
  const url = entries.find(({ field }) => field === "database_url");
  expect(url).toMatchObject({ value: "(secret)", source: "flag --database-url" });
  expect(entries.map(({ value }) => value).join()).not.toContain("canary");
});

test("who only looks sees the status and not the config", async () => {
  const client = createClient(HubService, webTransport(hub, { secret: "observer-secret" }));
  await client.getStatus({});
  await expect(client.getConfig({})).rejects.toThrow("needs person with role admin");
});
