// The clients of clients/python and clients/go beside the SDK, on a real hub.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { payloadOf } from "../../clients/sdk/event/families.ts";
import { joinHub } from "../../clients/sdk/join.ts";
import type { FoedusNode } from "../../clients/sdk/node.ts";
import { startTestHub, type TestHub, testHub } from "../support/federated.ts";
import { type PeerLanguage, peerLanguages, runPeer, startPeer } from "./peers/peer.ts";

/** The first time packages are fetched and compiled. */
const firstMs = 300_000;
const eachMs = 300_000;

/** What each client is held to. */
const facts: Record<string, (language: PeerLanguage, hub: TestHub) => Promise<void>> = {
  async "joins, is seen online, and the SDK verifies what it signs"(language, hub) {
    const sinceMs = Date.now();
    const peer = await startPeer(language, hub, "tells");
    await hub.session().online(["tells"], sinceMs, AbortSignal.timeout(eachMs));
    peer.ask({ do: "publish", values: [1, 2, 3, 4, 5] });
    const { ids } = await peer.until(({ did }) => did === "publish");
    const node = await hub.node("hears");
    const heard = await heardFrom(node, peer.spiffeId, 5);
    expect(heard).toEqual({ values: [1n, 2n, 3n, 4n, 5n], ids });
    await peer.stop();
    expect(peer.child.exitCode).toBe(0);
  },

  async "hears what the SDK tells, and goes on behind its cursor"(language, hub) {
    const node = await hub.node("speaks");
    const tell = (value: bigint) => node.publish(TelemetrySyncSchema, { eventsPublished: value });
    await tell(11n);
    const peer = await startPeer(language, hub, "listens");
    peer.ask({ do: "subscribe", after: 0 });
    const first = await peer.until(({ value }) => value === 11);
    expect(first).toMatchObject({ heard: "event", source: node.spiffeId });
    await peer.stop();
    await tell(12n);
    const again = runPeer(language, [hub.folder("listens"), hub.invitation(), ""]);
    await again.until(({ did, already }) => did === "ready" && already === true);
    again.ask({ do: "subscribe", after: first.cursor });
    await again.until(({ value }) => value === 12);
    expect(again.said.filter(({ heard }) => heard !== undefined)).toHaveLength(1);
    await again.stop();
  },

  async "lives through a hub that is killed: nothing is lost or told twice"(language, hub) {
    const peer = await startPeer(language, hub, "survives");
    peer.ask({ do: "subscribe", after: 0 });
    await peer.until(({ did }) => did === "head");
    const before = peer.said.filter(({ heard }) => heard === "event").length;
    await hub.kill();
    peer.ask({ do: "publish", values: [21, 22] });
    const killedMs = Date.now();
    await hub.restart();
    await peer.until(({ did }) => did === "publish");
    await peer.until(({ value }) => value === 22);
    await hub.session().online(["survives"], killedMs, AbortSignal.timeout(eachMs));
    const values = peer.said.filter(({ heard }) => heard !== undefined).slice(before);
    expect(values.map(({ value }) => value)).toEqual([21, 22]);
    await peer.stop();
  },

  async "its folder is the SDK's too, one at a time"(language, hub) {
    const peer = await startPeer(language, hub, "shares");
    const wish = { invitation: hub.invitation(), folder: hub.folder("shares") };
    await expect(joinHub(wish)).rejects.toThrow("held");
    await peer.stop();
    expect(await joinHub(wish)).toMatchObject({ already: true, spiffeId: peer.spiffeId });
  },

  async "comes back by its identity key when its certificate is gone"(language, hub) {
    const peer = await startPeer(language, hub, "sleeps");
    await peer.stop();
    rmSync(join(hub.folder("sleeps"), "chain.pem"));
    const again = runPeer(language, [hub.folder("sleeps"), hub.invitation(), ""]);
    await again.until(({ did }) => did === "ready");
    again.ask({ do: "publish", values: [31] });
    await again.until(({ did }) => did === "publish");
    await again.stop();
  },

  async "hears that it was revoked, and ends"(language, hub) {
    const peer = await startPeer(language, hub, "leaves");
    peer.ask({ do: "subscribe", after: 0 });
    await peer.until(({ did }) => did === "head");
    const revoked = { requestId: "revokes-the-peer", node: "leaves", reason: "a test" };
    await hub.session().as(IdentityService).revokeNode(revoked);
    const { reason } = await peer.until(({ did }) => did === "end");
    expect(reason).toBe("NODE_REVOKED");
    await peer.stop();
  },

  async "trusts no hub but the invitation's"(language, hub) {
    const { secret } = await hub.session().token("misled");
    const other = "A".repeat(22);
    const invitation = hub.invitation().replace(/#.*/, `#${other}`);
    const token = secret.replace(/[^.]*$/, other);
    const peer = runPeer(language, [hub.folder("misled"), invitation, token]);
    const failed = await peer.until(({ did }) => did === "fail");
    expect(failed.reason).toBe("HUB_NOT_TRUSTED");
  },
};

describe.each(peerLanguages)("$name", (language) => {
  const here = language.isAtHand();
  let hub: TestHub;

  beforeAll(async () => {
    if (!here) return;
    language.command();
    hub = await startTestHub(["--lease-ms", "3000", "--heartbeat-ms", "500"]);
  }, firstMs);
  afterAll(() => hub?.stop());

  test.runIf(here).each(Object.entries(facts))("%s", (_, fact) => fact(language, hub), eachMs);

  test.runIf(here)(
    "renews its certificate under its streams, and misses nothing",
    async () => {
      const brief = await testHub(["--certificate-ms", "3000"]);
      const node = await brief.node("speaks");
      const peer = await startPeer(language, brief, "renews");
      peer.ask({ do: "subscribe", after: 0 });
      const certificate = () => readFileSync(join(brief.folder("renews"), "chain.pem"), "utf8");
      const seen = new Set([certificate()]);
      let told = 0;
      // Until it has the third one: the second was renewed as well.
      for (; seen.size < 3; seen.add(certificate())) {
        told += 1;
        await node.publish(TelemetrySyncSchema, { eventsPublished: BigInt(told) });
      }
      await peer.until(({ value }) => value === told);
      const heard = peer.said.filter((said) => said.heard !== undefined);
      expect(heard.map(({ value }) => value)).toEqual(
        Array.from({ length: told }, (_, at) => at + 1),
      );
      await peer.stop();
    },
    eachMs,
  );
});

async function heardFrom(node: FoedusNode, source: string, count: number) {
  const values: (bigint | undefined)[] = [];
  const ids: string[] = [];
  const wish = { afterCursor: 0n, sources: [source], types: ["telemetry_sync"], verify: true };
  for await (const heard of node.subscribe(wish)) {
    if (heard.kind !== "event") throw new Error(`heard a ${heard.kind}`);
    const { event } = heard;
    values.push(payloadOf(event, TelemetrySyncSchema)?.eventsPublished);
    ids.push(`${event.stream}/${event.epoch}/${event.sequence}`);
    if (values.length === count) break;
  }
  return { values, ids };
}
