import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { QueueService } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { HubChild, type Ready } from "./federation/hub.ts";
import { Instances } from "./federation/instances.ts";
import { ownPorts } from "./federation/ports.ts";
import { type HubSession, openSession } from "./federation/session.ts";
import { sampleSchedule } from "./federation/schedule.ts";

/** How to start a federation. */
export interface FederationOptions {
  /** The hub's data folder; the instances keep theirs below it. */
  readonly data: string;
  /** Free ports, or those a hub has by default. */
  readonly ports: "auto" | "default";
  /** Further flags of the hub, e.g. ["--heartbeat-ms", "500"]. */
  readonly hubFlags?: readonly string[];
  /**
   * Whether the instances share the collection "notes" and do tasks for each other, too; not unless
   * told otherwise.
   */
  readonly lively?: boolean;
  /** Told what happens that somebody may want to know. */
  readonly log?: (line: string) => void;
}

/** A hub and three instances that run as processes of their own. */
export interface Federation {
  readonly webUrl: string;
  /** Signs one browser in, once. */
  readonly signInLink: string;
  /** What the hub says to its operator, e.g. the recovery code at the first start. */
  readonly greeting: readonly string[];
  /** The names of the instances. */
  readonly instances: readonly string[];
  /** Where each process writes what it has to say. */
  readonly logs: string;
  /** The hub as it runs now; ask again after a restart. */
  session(): HubSession;
  /** Resolves once all instances are online; rejects when the signal aborts. */
  online(signal: AbortSignal): Promise<void>;
  killInstance(name: string): Promise<void>;
  /** Starts an instance again; it is the same node. */
  startInstance(name: string): Promise<void>;
  killHub(): Promise<void>;
  /** Stops the hub if it runs, and starts it again where it listened before. */
  restartHub(): Promise<void>;
  stop(): Promise<void>;
}

/** The folders of this repository that speak for themselves. */
export const instanceNames = ["server", "web", "clients"] as const;

/** PostgreSQL's user must be able to come in, else its files go elsewhere. */
const passThroughMode = 0o711;

/**
 * Starts the hub, lets the instances join with a token each unless they did before, and returns
 * once all processes run. When a step fails, what was started is stopped again.
 */
export async function startFederation(options: FederationOptions): Promise<Federation> {
  const { log = () => {}, hubFlags: flags = [], lively = false } = options;
  const data = resolve(options.data);
  const logs = join(data, "logs");
  mkdirSync(data, { recursive: true, mode: passThroughMode });
  const hub = new HubChild({ data, logs, flags, log });
  const instances = new Instances({ data, lively, logs, log });
  try {
    const isFirst = !instanceNames.some((name) => instances.hasJoined(name));
    const ready = await startAll(hub, instances, options.ports);
    if (lively && isFirst) await setSchedule(openSession(data));
    const link = await openSession(data).link();
    return federationOf({ hub, instances, ready, link, data, logs });
  } catch (error) {
    await instances.stopAll();
    await hub.stop();
    throw error;
  }
}

/**
 * Where the hub is known to listen, nodes start beside it, and find it as it gets ready; but not
 * before the folder is ours: of two starts at once one gets all of it.
 */
async function startAll(
  hub: HubChild,
  instances: Instances,
  ports: FederationOptions["ports"],
): Promise<Ready> {
  const old = instanceNames.filter((name) => instances.hasJoined(name));
  const starting = hub.start(ports === "auto" ? await ownPorts() : []);
  // Its failure is met below.
  starting.catch(() => undefined);
  const early = ports === "default" && (await hub.held());
  if (early) for (const name of old) instances.resume(name);
  const ready = await starting;
  if (!early) for (const name of old) instances.resume(name, ready.invitation);
  const fresh = instanceNames.filter((name) => !old.includes(name));
  await Promise.all(fresh.map((name) => instances.join(name)));
  return ready;
}

/** What is asked for by the clock; once, so that whoever ends it is not contradicted. */
async function setSchedule(session: HubSession): Promise<void> {
  const wish = { requestId: randomUUID(), schedule: sampleSchedule() };
  await session.as(QueueService).setSchedule(wish);
}

interface Started {
  readonly hub: HubChild;
  readonly instances: Instances;
  readonly ready: Ready;
  readonly link: string;
  readonly data: string;
  readonly logs: string;
}

function federationOf({ hub, instances, ready, link, data, logs }: Started): Federation {
  return {
    webUrl: ready.web,
    signInLink: link,
    greeting: ready.greeting ?? [],
    instances: instanceNames,
    logs,
    session: () => openSession(data),
    online: (signal) => openSession(data).online(instanceNames, hub.sinceMs, signal),
    killInstance: (name) => instances.kill(name),
    startInstance: async (name) => instances.resume(name),
    killHub: () => hub.kill(),
    async restartHub() {
      await hub.stop();
      await hub.start();
    },
    async stop() {
      await instances.stopAll();
      await hub.stop();
    },
  };
}
