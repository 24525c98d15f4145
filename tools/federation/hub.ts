import { readFileSync } from "node:fs";
import { join } from "node:path";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { type Child, startChild } from "./child.ts";

/** Where a hub listens, and what it tells its operator. */
export interface Ready {
  readonly web: string;
  readonly node: string;
  readonly join: string;
  readonly invitation: string;
  readonly greeting?: readonly string[];
}

/** How a hub is started. */
export interface HubOptions {
  readonly data: string;
  readonly logs: string;
  readonly flags: readonly string[];
  readonly log: (line: string) => void;
}

const lookEveryMs = 20;

/** The hub of a federation, as one process after the other. */
export class HubChild {
  readonly #options: HubOptions;
  #child: Child | undefined;
  #ready: Ready | undefined;
  #sinceMs = 0;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** When the present process was started. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** Starts it and waits until it is ready; a second time it listens where it did before. */
  async start(ports: readonly string[] = []): Promise<Ready> {
    const { data, logs, flags, log } = this.#options;
    const where = this.#ready === undefined ? ports : portsOf(this.#ready);
    const args = ["--output", "json", "--data", data, ...where, ...flags];
    this.#sinceMs = realWorld.clock.now();
    const child = startChild("hub", "server/main.ts", args, join(logs, "hub.log"));
    this.#child = child;
    const ready = JSON.parse(await child.line(/^\{"ready":true/)) as Ready;
    this.#ready = ready;
    child.ended.then(
      (words) => (this.#child === child ? log(`the hub ended: ${words}`) : undefined),
      () => undefined,
    );
    return ready;
  }

  /** Resolves once the data folder is its own, or it has ended. */
  async held(): Promise<boolean> {
    const child = this.#child;
    const over = { ended: false };
    const note = () => void (over.ended = true);
    child?.ended.then(note, note);
    while (child !== undefined && !over.ended) {
      if (holderOf(this.#options.data) === child.pid) return true;
      await realWorld.timers.sleep(lookEveryMs);
    }
    return false;
  }

  /** Ends it as an operator would. */
  async stop(): Promise<void> {
    await this.#forget()?.stop();
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#forget()?.kill();
  }

  /** From here on its end is no news. */
  #forget(): Child | undefined {
    const child = this.#child;
    this.#child = undefined;
    return child;
  }
}

/** Who holds a data folder, by its own word; undefined when nobody said so. */
function holderOf(data: string): number | undefined {
  try {
    const holder = JSON.parse(readFileSync(join(data, "held-by.json"), "utf8")) as { pid: number };
    return holder.pid;
  } catch {
    return undefined;
  }
}

function portsOf(ready: Ready): string[] {
  const port = (address: string) => {
    return new URL(address.includes("://") ? address : `tcp://${address}`).port;
  };
  const web = port(ready.web);
  return ["--web-port", web, "--node-port", port(ready.node), "--join-port", port(ready.join)];
}
