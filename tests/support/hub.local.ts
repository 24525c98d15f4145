// A whole hub in the test's own process, with the handle that its capabilities get.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { boot } from "../../server/boot.ts";
import { capabilities } from "../../server/capabilities.ts";
import type { Capability, Hub } from "../../server/runtime/capability.ts";
import { loadSettings } from "../../server/runtime/config/settings.ts";
import type { RunningHub } from "../../server/runtime/hub.ts";
import { openLog } from "../../server/runtime/log.pino.ts";
import { cloneDatabase } from "./database.ts";

/** A hub that runs in this process. */
export interface LocalHub {
  readonly running: RunningHub;
  /** What each of its capabilities was handed. */
  readonly hub: Hub;
  readonly data: string;
  readonly url: string;
  /** Stops it; `keep` leaves its folder for another start. */
  stop(options?: { readonly keep?: boolean }): Promise<void>;
}

/** How it differs from the defaults; names as in the config's schema. */
export interface LocalHubOptions {
  readonly world?: World;
  readonly values?: Readonly<Record<string, string>>;
  /** What it runs; all there is unless told otherwise. */
  readonly capabilities?: readonly Capability[];
  /** A stopped hub whose folder and database it takes over. */
  readonly again?: Pick<LocalHub, "data" | "url">;
}

/** A test that keeps its process busy is no reason to put its own calls off. */
const inTime = { ms: () => 0, stop: () => undefined };

const quiet = {
  log_level: "error",
  web_port: "0",
  node_port: "0",
  join_port: "0",
  drain_ms: "200",
};

/** Boots a hub on a database of its own, on free ports. */
export async function startLocalHub(options: LocalHubOptions = {}): Promise<LocalHub> {
  const url = options.again?.url ?? (await cloneDatabase()).url;
  const data = options.again?.data ?? (await mkdtemp(join(tmpdir(), "foedus-hub-")));
  const world = options.world ?? realWorld;
  const values = { ...quiet, data, ...options.values };
  const settings = loadSettings({
    flags: values,
    environment: { DATABASE_URL: url },
    file: undefined,
  });
  const log = openLog({ clock: world.clock, level: settings.current().logLevel, forPeople: false });
  let handed: Hub | undefined;
  const probe = {
    name: "probe",
    tier: Tier.P2,
    start: (hub: Hub) => Promise.resolve(((handed = hub), {})),
  };
  const all = [...(options.capabilities ?? capabilities), probe];
  const running = await boot({ settings, world, log, capabilities: all, lag: inTime });
  if (handed === undefined) throw new Error("the hub started no capability");
  const stop = async ({ keep = false } = {}) => {
    await running.stop();
    if (!keep) await rm(data, { recursive: true, force: true });
  };
  return { running, hub: handed, data, url, stop };
}
