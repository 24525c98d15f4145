// A hub in a process of its own on a database of its own, and nodes that join it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { World } from "@foedus/kernel/world.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { Notice } from "../../clients/sdk/link/notice.ts";
import { joinHub } from "../../clients/sdk/join.ts";
import type { FoedusNode, OpenOptions } from "../../clients/sdk/node.ts";
import { openNode } from "../../clients/sdk/open.ts";
import { type HubSession, openSession } from "../../tools/federation/session.ts";
import { cloneDatabase } from "./database.ts";
import { type HubProcess, samePorts, startHubProcess } from "./hub.process.ts";

/** A hub for one test, which may end and begin again. */
export interface TestHub {
  readonly data: string;
  /** Where nodes of this test keep what is theirs. */
  readonly folder: (name: string) => string;
  invitation(): string;
  /** The hub as it runs now. */
  session(): HubSession;
  kill(): Promise<void>;
  /** It stands still with all its connections open, or goes on. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  /** Ends it as an operator would. */
  drain(): Promise<void>;
  /** Starts it again where it listened before. */
  restart(instead?: readonly string[]): Promise<void>;
  /** Joins; returns the node's folder. */
  join(name: string, world?: World): Promise<string>;
  /** Joins and opens; closed when the test ends. */
  node(name: string, options?: OpenOptions): Promise<FoedusNode>;
  /** Ends it, and removes all it kept. */
  stop(): Promise<void>;
}

/** All nodes of a test come from one address. */
const manyMayJoin = ["--join-rate", "100000"];

/** A hub that ends with the test. */
export async function testHub(flags: readonly string[] = []): Promise<TestHub> {
  const hub = await startTestHub(flags);
  onTestFinished(() => hub.stop());
  return hub;
}

/** A hub for many tests, which their file stops. */
export async function startTestHub(flags: readonly string[] = []): Promise<TestHub> {
  const { url } = await cloneDatabase();
  const around = mkdtempSync(join(tmpdir(), "foedus-fed-"));
  const data = join(around, "hub");
  const folder = (name: string) => join(around, name);
  const all = [...manyMayJoin, ...flags];
  let hub: HubProcess = await startHubProcess({ data, url, flags: all });
  const session = () => openSession(data);
  async function joinAs(name: string, world?: World): Promise<string> {
    const { secret: token, invitation } = await session().token(name);
    await joinHub({ invitation, token, folder: folder(name), ...(world ? { world } : {}) });
    return folder(name);
  }
  return {
    data,
    folder,
    session,
    invitation: () => hub.ready.invitation,
    kill: () => hub.kill(),
    signal: (name) => void hub.child.kill(name),
    drain: async () => void (await hub.stop()),
    async stop() {
      await hub.kill();
      rmSync(around, { recursive: true, force: true });
    },
    async restart(instead) {
      await hub.kill();
      const now = instead === undefined ? all : [...manyMayJoin, ...instead];
      hub = await startHubProcess({ data, url, flags: [...now, ...samePorts(hub.ready)] });
    },
    join: joinAs,
    async node(name, options = {}) {
      const node = await openNode(await joinAs(name, options.world), options);
      onTestFinished(() => node.close());
      return node;
    },
  };
}

/** A world whose wall clock is off; the test may set it while it runs. */
export function worldOff(offMs: number): World & { offMs: number } {
  const world = {
    ...realWorld,
    offMs,
    clock: {
      now: () => realWorld.clock.now() + world.offMs,
      monotonic: () => realWorld.clock.monotonic(),
    },
  };
  return world;
}

/** Notices of a node as they come, and a way to wait for the next of a kind. */
export function hearNotices() {
  const heard: Notice[] = [];
  const waiting = new Set<() => void>();
  const notice = (one: Notice) => {
    heard.push(one);
    for (const look of waiting) look();
  };
  /** Resolves once so many of a kind were heard since the beginning. */
  function heardOf(kind: Notice["kind"], count = 1): Promise<Notice[]> {
    return new Promise((resolve) => {
      const look = () => {
        const found = heard.filter((one) => one.kind === kind);
        if (found.length < count) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  }
  return { heard, notice, heardOf };
}
