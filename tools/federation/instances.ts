import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, root, startChild } from "./child.ts";
import { openSession } from "./session.ts";

/** Where instances keep what is theirs, and whom they tell. */
export interface InstancesOptions {
  /** The hub's data folder; the instances keep theirs below it. */
  readonly data: string;
  /** Whether they share notes and tasks, too. */
  readonly lively: boolean;
  readonly logs: string;
  readonly log: (line: string) => void;
}

/** The instances of a federation, each a process of its own. */
export class Instances {
  readonly #options: InstancesOptions;
  readonly #children = new Map<string, Child>();

  constructor(options: InstancesOptions) {
    this.#options = options;
  }

  /** Whether the instance is a node already, so that it needs no token. */
  hasJoined(name: string): boolean {
    return existsSync(join(this.#folderOf(name), "node.json"));
  }

  /** Starts one that joins with a token of its own. */
  async join(name: string): Promise<void> {
    const { secret, invitation } = await openSession(this.#options.data).token(name);
    const file = this.#tokenFile(name);
    mkdirSync(this.#folderOf(name), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${secret}\n`, { mode: 0o600 });
    this.#start(name, ["--invitation", invitation, "--token-file", file]);
  }

  /** Starts one that joined before; `invitation` tells where the hub is by now. */
  resume(name: string, invitation?: string): void {
    rmSync(this.#tokenFile(name), { force: true });
    this.#start(name, invitation === undefined ? [] : ["--invitation", invitation]);
  }

  async stop(name: string): Promise<void> {
    await this.#forget(name)?.stop();
  }

  async kill(name: string): Promise<void> {
    await this.#forget(name)?.kill();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#children.keys()].map((name) => this.stop(name)));
  }

  #start(name: string, flags: readonly string[]): void {
    const { logs, log, lively } = this.#options;
    const labels = ["--environment", "sample", "--team", "foedus"];
    const project = ["--project", join(root, name), "--name", name, ...labels];
    const own = [...project, "--data", this.#folderOf(name), ...flags];
    const file = join(logs, `${name}.log`);
    const child = lively
      ? startChild(name, "tools/federation/sample.ts", own, file)
      : startChild(name, "clients/cli/main.ts", ["instance", "run", ...own], file);
    this.#children.set(name, child);
    child.ended.then(
      (words) => (this.#children.get(name) === child ? log(`${name} ended: ${words}`) : undefined),
      () => undefined,
    );
  }

  #folderOf(name: string): string {
    return join(this.#options.data, "instances", name);
  }

  #tokenFile(name: string): string {
    return `${this.#folderOf(name)}.token`;
  }

  /** From here on its end is no news. */
  #forget(name: string): Child | undefined {
    const child = this.#children.get(name);
    this.#children.delete(name);
    return child;
  }
}
