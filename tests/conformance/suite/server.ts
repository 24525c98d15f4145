// The suite's server under test: the hub's web listener, adapter and guards around its service.
// Only the wrapping of implementations is left out: it tells no error but our own reasons.
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message } from "@bufbuild/protobuf";
import { createServiceImplSpec } from "@connectrpc/connect";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { loadSettings } from "../../../server/runtime/config/settings.ts";
import { type HubParts, openCore } from "../../../server/runtime/core.ts";
import { openDoors } from "../../../server/runtime/doors.ts";
import { foreignPolicy } from "../../../server/runtime/guards/rpc.ts";
import type { Listener } from "../../../server/runtime/listen/listener.ts";
import { openLog } from "../../../server/runtime/log.pino.ts";
import { suiteAnswers } from "./answers.ts";
import { readFrames } from "./frames.ts";
import type { Answering } from "./runner.ts";
import type { Suite } from "./schema.ts";

/** A server that the runner asks for. */
interface Wish extends Message {
  readonly useTls: boolean;
  readonly messageReceiveLimit: number;
  readonly serverCreds?: { readonly cert: Uint8Array; readonly key: Uint8Array };
}

/** Opens a listener for each wish of the runner, and closes it when the runner has gone. */
export const serveWishes: Answering = async (suite, { input, tell }) => {
  const opened: Listener[] = [];
  try {
    for await (const frame of readFrames(input)) {
      const wish = suite.read("ServerCompatRequest", frame) as Wish;
      const web = await open(suite, wish);
      opened.push(web);
      const pemCert = wish.useTls ? wish.serverCreds?.cert : undefined;
      tell(suite.write("ServerCompatResponse", { host: "127.0.0.1", port: web.port, pemCert }));
    }
  } finally {
    for (const listener of opened) {
      listener.close();
      listener.destroy();
    }
  }
};

async function open(suite: Suite, wish: Wish): Promise<Listener> {
  const parts = partsFor(wish);
  const core = openCore(parts, () => undefined);
  const implementation = suiteAnswers(suite);
  const foreign = foreignPolicy("anybody");
  core.registry.add({ desc: suite.service, implementation }, { tier: Tier.P0, foreign });
  const bare = createServiceImplSpec(suite.service, implementation).methods;
  const unwrapped = core.registry.all().map((one) => {
    const spec = bare[one.rpc.method.localName];
    return spec === undefined ? one : { ...one, spec };
  });
  const registry = { ...core.registry, all: () => unwrapped };
  const { web } = await openDoors(parts, { ...core, registry });
  return web;
}

function partsFor(wish: Wish): HubParts {
  const world = realWorld;
  const { privateKey } = generateKeyPairSync("ed25519");
  const spiffeId = "spiffe://foedus.local/hub/hub_test";
  const signingKey = { privateKey, publicKey: new Uint8Array() };
  return {
    settings: loadSettings({ flags: flagsFor(wish) }),
    world,
    log: openLog({ clock: world.clock, level: "warn", forPeople: false, write: () => undefined }),
    identity: { hubId: "hub_test", trustDomain: "foedus.local", spiffeId, signingKey },
    storage: {} as HubParts["storage"],
    audit: { refused: () => undefined, began: () => undefined },
    capabilities: [],
    version: "0.0.0",
    migrationsApplied: () => Promise.resolve([]),
    database: "external",
  };
}

function flagsFor({ messageReceiveLimit: limit, useTls, serverCreds }: Wish) {
  // Hundreds of calls of one stranger within a second are no flood here.
  const flags: Record<string, string> = {
    web_port: "0",
    data: "/nowhere",
    control_rate: "9999999",
  };
  if (limit > 0) flags.request_bytes_max = String(limit);
  if (!useTls || serverCreds === undefined) return flags;
  const folder = mkdtempSync(join(tmpdir(), "foedus-suite-"));
  flags.web_certificate_file = join(folder, "chain.pem");
  flags.web_key_file = join(folder, "key.pem");
  writeFileSync(flags.web_certificate_file, serverCreds.cert);
  writeFileSync(flags.web_key_file, serverCreds.key);
  return flags;
}
