// A node in another language, as a process that takes wishes and answers, one JSON object a line.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import {
  goProgram,
  isAtHand,
  python,
  go,
  pythonTools,
} from "../../../tools/third-party/toolchain.ts";
import type { TestHub } from "../../support/federated.ts";
import type { HubSession } from "../../../tools/federation/session.ts";

/** A language with a client of ours. */
export interface PeerLanguage {
  readonly name: "Python" | "Go";
  isAtHand(): boolean;
  /** The command that runs one of its programs; slow the first time. */
  readonly command: (program?: Program) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A node that tells and hears, one that works and has work done, and the worker to copy. */
export type Program = "peer" | "taskpeer" | "example";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Both clients of clients/. */
export const peerLanguages: readonly PeerLanguage[] = [
  {
    name: "Python",
    isAtHand: () => isAtHand(python),
    command: (program = "peer") => {
      const example = "clients/python/example_worker.py";
      const path = program === "example" ? example : `tests/conformance/peers/${program}.py`;
      return [pythonTools(), `${root}${path}`];
    },
    env: { PYTHONPATH: `${root}clients/python`, PYTHONDONTWRITEBYTECODE: "1" },
  },
  {
    name: "Go",
    isAtHand: () => isAtHand(go),
    command: (program = "peer") => {
      const path = program === "example" ? "./example/worker" : `./internal/${program}`;
      return [goProgram("clients/go", path)];
    },
  },
];

/** One thing a peer says. */
export type Said = Readonly<Record<string, unknown>>;

/** A peer that runs. */
export interface Peer {
  readonly child: ChildProcess;
  readonly said: readonly Said[];
  ask(wish: object): void;
  /** The first thing said that fits; waits for it. */
  until(fits: (said: Said) => boolean): Promise<Said>;
  stop(): Promise<void>;
}

/** What a peer joins. */
export interface Joinable extends Pick<TestHub, "folder" | "invitation"> {
  session(): Pick<HubSession, "token">;
}

/** Starts a node of that name and waits until it has registered. */
export async function startPeer(
  language: PeerLanguage,
  hub: Joinable,
  name: string,
  program?: Program,
): Promise<Peer & { readonly spiffeId: string }> {
  const { secret } = await hub.session().token(name);
  const peer = runPeer(language, [hub.folder(name), hub.invitation(), secret], program);
  const ready = await peer.until(({ did }) => did === "ready");
  return { ...peer, spiffeId: String(ready.spiffeId) };
}

/** Runs the peer of a language with these words. */
export function runPeer(language: PeerLanguage, words: readonly string[], program?: Program): Peer {
  const [command = "", ...flags] = language.command(program);
  const env = { ...process.env, ...language.env };
  const child = spawn(command, [...flags, ...words], { env, stdio: ["pipe", "pipe", "pipe"] });
  const said: Said[] = [];
  const looks = new Set<() => void>();
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin.on("error", () => undefined);
  const lookAgain = () => looks.forEach((look) => look());
  createInterface({ input: child.stdout }).on("line", (line) => {
    said.push(JSON.parse(line) as Said);
    lookAgain();
  });
  const ended = once(child, "close").then(lookAgain);
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    child,
    said,
    stop,
    ask: (wish) => void child.stdin.write(`${JSON.stringify(wish)}\n`),
    until: (fits) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = said.find(fits);
          if (found === undefined && child.exitCode === null && child.signalCode === null) return;
          looks.delete(look);
          if (found !== undefined) return resolve(found);
          reject(new Error(`${language.name} ended: ${JSON.stringify(said)}\n${errors}`));
        };
        looks.add(look);
        look();
      }),
  };
}
