import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Child, root, startChild } from "./federation/child.ts";
import { type HubSession, openSession } from "./federation/session.ts";

/** How to start a federation. */
export interface FederationOptions {
  /** The hub's data folder; the instances keep theirs below it. */
  readonly data: string;
  /** Free ports, or those a hub has by default. */
  readonly ports: "auto" | "default";
  /** Further flags of the hub, e.g. ["--heartbeat-ms", "500"]. */
  readonly hubFlags?: readonly string[];
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
  session(): HubSession;
  /** Resolves once all instances are online; rejects when the signal aborts. */
  online(signal: AbortSignal): Promise<void>;
  killInstance(name: string): Promise<void>;
  /** Starts an instance again; it is the same node. */
  startInstance(name: string): Promise<void>;
  killHub(): Promise<void>;
  /** Starts the hub again where it listened before. */
  restartHub(): Promise<void>;
  stop(): Promise<void>;
}

/** The folders of this repository that speak for themselves. */
export const instanceNames = ["server", "web", "clients"] as const;

interface Ready {
  readonly web: string;
  readonly node: string;
  readonly join: string;
  readonly greeting?: readonly string[];
}

const hubScript = "server/main.ts";
const cliScript = "clients/cli/main.ts";
const anyPorts = ["--web-port", "0", "--node-port", "0", "--join-port", "0"];

/** PostgreSQL's user must be able to come in, else its files go elsewhere. */
const passThroughMode = 0o711;

/**
 * Starts the hub, lets the instances join with a token each unless they did before, and returns once
 * all processes run. When a step fails, what was started is stopped again.
 */
export async function startFederation(options: FederationOptions): Promise<Federation> {
  const { log = () => {} } = options;
  const data = resolve(options.data);
  const logs = join(data, "logs");
  mkdirSync(data, { recursive: true, mode: passThroughMode });
  const instances = new Map<string, Child>();
  let stopping = false;

  async function startHub(ports: readonly string[]): Promise<{ hub: Child; ready: Ready }> {
    const flags = ["--output", "json", "--data", data, ...ports, ...(options.hubFlags ?? [])];
    const hub = startChild("hub", hubScript, flags, join(logs, "hub.log"));
    const ready = JSON.parse(await hub.line(/^\{"ready":true/)) as Ready;
    void hub.ended.then((words) => stopping || log(`the hub ended: ${words}`));
    return { hub, ready };
  }

  async function startInstance(name: string): Promise<void> {
    const folder = join(data, "instances", name);
    const { invitation, flags } = await joinFlags(openSession(data), folder, name);
    const args = ["instance", "run", "--project", join(root, name), "--name", name];
    const all = [...args, "--invitation", invitation, "--data", folder, ...flags];
    const child = startChild(name, cliScript, all, join(logs, `${name}.log`));
    instances.set(name, child);
    void child.ended.then((words) => {
      if (!stopping && instances.get(name) === child) log(`${name} ended: ${words}`);
    });
  }

  async function stop(): Promise<void> {
    stopping = true;
    await Promise.all([...instances.values()].map((child) => child.stop()));
    await running.hub.stop();
  }

  let running = await startHub(options.ports === "auto" ? anyPorts : []);
  try {
    await Promise.all(instanceNames.map(startInstance));
    const session = openSession(data);
    const { web: webUrl, greeting = [] } = running.ready;
    return {
      webUrl,
      signInLink: await session.link(),
      greeting,
      instances: instanceNames,
      logs,
      session: () => openSession(data),
      online: (signal) => session.online(instanceNames, signal),
      startInstance,
      async killInstance(name) {
        const child = instances.get(name);
        instances.delete(name);
        await child?.kill();
      },
      killHub: () => running.hub.kill(),
      async restartHub() {
        await running.hub.kill();
        running = await startHub(portsOf(running.ready));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A node that joined before spends no token. The file with one is gone once the node has joined. */
async function joinFlags(
  session: HubSession,
  folder: string,
  name: string,
): Promise<{ invitation: string; flags: string[] }> {
  const tokenFile = `${folder}.token`;
  if (existsSync(join(folder, "node.json"))) {
    rmSync(tokenFile, { force: true });
    return { invitation: await session.invitation(), flags: [] };
  }
  const { secret, invitation } = await session.token(name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(tokenFile, `${secret}\n`, { mode: 0o600 });
  return { invitation, flags: ["--token-file", tokenFile] };
}

function portsOf(ready: Ready): string[] {
  const port = (address: string) => {
    return new URL(address.includes("://") ? address : `tcp://${address}`).port;
  };
  const web = port(ready.web);
  return ["--web-port", web, "--node-port", port(ready.node), "--join-port", port(ready.join)];
}
