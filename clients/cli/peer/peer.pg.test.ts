import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../../../tests/support/command.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { type HubProcess, startHubProcess } from "../../../tests/support/hub.process.ts";
import type { PeerHub } from "../../../tests/support/peers.ts";
import { startPeerHub } from "../../../tests/support/peers.ts";
import { capabilities } from "../../../server/capabilities.ts";

let folder: string;
let own: HubProcess;
let other: PeerHub;
beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "foedus-peers-")), "hub");
  own = await startHubProcess({ data: folder, url: (await cloneDatabase()).url });
  other = await startPeerHub("b.test", capabilities);
});
afterAll(() => Promise.all([own.kill(), other.local.stop()]));

const foedus = (...args: string[]) => runCommand(["--data", folder, "peer", ...args]);

test("a peer is added, compared, listed and removed", async () => {
  expect((await foedus("list")).out).toContain("trusts no other one");
  const added = await foedus("add", other.invitation, "--call", other.nodeAddress);
  expect(added).toMatchObject({ code: 0, errors: "" });
  expect(added.out).toContain(`This hub trusts b.test by the root ${other.authority.caHash}`);
  expect(added.out).toMatch(/^Told +insight_report, trust_aggregate$/m);
  const listed = await foedus("list");
  expect(listed.out).toMatch(/^b\.test +trusted +[\w-]{22} +(just now|\d+ \w+ ago)/m);
  const listening = await foedus("add", other.invitation, "--take", "none", "--output", "json");
  const { peer } = JSON.parse(listening.out) as { peer: Record<string, unknown> };
  expect(peer).toMatchObject({ trustDomain: "b.test", nodeAddress: "", takenTypes: [] });
  const removed = await foedus("remove", "b.test", "--reason", "a test");
  expect(removed.out).toContain("trusts b.test no more");
  expect(JSON.parse((await foedus("list", "--output", "json")).out)).toMatchObject({ peers: [] });
});

test("what cannot be trusted is said, with what mends it", async () => {
  const asked = await foedus("add", own.ready.invitation);
  expect(asked.code).not.toBe(0);
  expect(asked.errors).toContain("it is of this hub's own domain");
  const away = await foedus("remove", "c.test", "--reason", "a test");
  expect(away.errors).toContain("peer c.test");
});
