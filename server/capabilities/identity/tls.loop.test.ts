import { X509Certificate } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { HubConfigSchema } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { newSigningKey } from "@foedus/kernel/signing.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { silentLog } from "../../../tests/support/storage.ts";
import type { TlsMaterial } from "../../runtime/listen/peer.ts";
import { makeIntermediate, makeRoot } from "./authority.ts";
import { fromPem } from "./pem.ts";
import { namesOf, openTls } from "./tls.loop.ts";

const world = realWorld;
const spiffeId = "spiffe://foedus.test/hub/hub_1";

async function open(lifetimeMs: number, host = "127.0.0.1", publicHost = "") {
  const root = await makeRoot("foedus.test", world.clock.now(), world.random);
  const authority = await makeIntermediate(root, world.clock.now(), world.random);
  const config = create(HubConfigSchema, { host, publicHost });
  const storage = { nowMs: () => world.clock.now() };
  const identity = {
    hubId: "hub_1",
    trustDomain: "foedus.test",
    spiffeId,
    signingKey: newSigningKey(),
  };
  return await openTls(
    { config: () => config, identity, storage, world, log: silentLog },
    authority,
    lifetimeMs,
  );
}

test("the hub is called by its hosts and its id, and its chain ends in the root", async () => {
  const { source } = await open(60_000, "0.0.0.0", "hub.example.org");
  const { chain, roots, key } = source.current();
  const [leaf, issuer, root] = fromPem(chain).map(({ der }) => new X509Certificate(der));
  expect(leaf?.checkHost("hub.example.org")).toBe("hub.example.org");
  expect(leaf?.checkHost("localhost")).toBe("localhost");
  expect(leaf?.checkIP("127.0.0.1") && leaf.checkIP("::1")).toBe("::1");
  expect(leaf?.checkIP("0.0.0.0")).toBeUndefined();
  expect(leaf?.subjectAltName).toContain(`URI:${spiffeId}`);
  expect(leaf && issuer && root && leaf.checkIssued(issuer) && issuer.checkIssued(root)).toBe(true);
  expect(roots).toEqual([
    expect.stringContaining(root?.raw.toString("base64").slice(0, 40) ?? "?"),
  ]);
  expect(key).toContain("BEGIN PRIVATE KEY");
});

test("an address is an address, a name a name, and each stands there once", () => {
  const names = (host: string, publicHost: string) =>
    namesOf(create(HubConfigSchema, { host, publicHost })).map(({ type, value }) => [type, value]);
  expect(names("127.0.0.1", "10.1.2.3")).toEqual([
    ["ip", "10.1.2.3"],
    ["ip", "127.0.0.1"],
    ["dns", "localhost"],
    ["ip", "::1"],
  ]);
});

test("at half of its life another certificate with another key is told to the doors", async () => {
  const { source, loop } = await open(2_000);
  const ending = new AbortController();
  const told: TlsMaterial[] = [];
  const first = source.current();
  const second = new Promise<void>((resolve) => {
    const stop = source.changed((material) => {
      told.push(material);
      if (told.length === 2) resolve(stop());
    });
  });
  const running = loop.run(ending.signal);
  await second;
  ending.abort();
  await running;
  const keys = [first, ...told].map(({ key }) => key);
  expect(new Set(keys).size).toBe(3);
  expect(source.current()).toBe(told.at(-1));
});
