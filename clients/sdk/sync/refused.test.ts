import { expect, test } from "vitest";
import { syncHub } from "../../../tests/support/hub.sync.ts";
import { replicaAt } from "../../../tests/support/replicas.ts";
import { fastWorld } from "../../../tests/support/world.fast.ts";

test("a stream that was refused is asked for again, and taken once the hub takes it", async () => {
  const zones = ["world"];
  const hub = syncHub("hub-1", {}, zones);
  const all = await replicaAt(hub, { world: fastWorld(60) });
  const abroad = all.collection("notes", { zone: "eu" });
  await abroad.put("n", { a: 1 });
  await expect.poll(() => abroad.status().mode).toBe("REFUSED");
  const { incident } = all.status();
  expect(incident).toMatchObject({ reason: "REFUSED", stream: "main/notes//eu/2" });
  zones.push("eu");
  await abroad.settled();
  const live = { mode: "LIVE", refusal: undefined, outboxOps: 0 };
  await expect.poll(() => abroad.status()).toMatchObject(live);
  expect(all.replica.state.session).toBe("session 1");
  expect(all.status().incident).toEqual(incident);
});
