// Runs the suite's own runner against our server, or our client.
import { execFile } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { goTool } from "../../../tools/third-party/toolchain.ts";
import { frameOf } from "./frames.ts";
import type { Suite } from "./schema.ts";
import { openSuite, suiteModule } from "./schema.ts";

/** Does what the messages of the input ask for, and tells what came of it. */
export type Answering = (
  suite: Suite,
  runner: { readonly input: Readable; tell(message: Uint8Array): void },
) => Promise<void>;

/** What the runner found. */
export interface Verdict {
  readonly cases: number;
  readonly passed: number;
  /** Those of the list beside us, all of which did fail. */
  readonly knownFailing: number;
  /** Everything else, and cases of that list that passed. */
  readonly failed: number;
  /** What it said, for who reads a failure. */
  readonly said: string;
}

/** Which side of a call is ours. */
export type Side = "server" | "client";

const here = fileURLToPath(new URL("./", import.meta.url));
const runnerMs = 120_000;
const saidBytesMax = 16 * 1024 * 1024;

/** Two servers at once: our two cores carry them and the runner. */
const serversMax = "2";

/** Runs all cases of a side, as its .yaml says, with those of its .known.txt expected to fail. */
export async function runSuite(side: Side, answering: Answering): Promise<Verdict> {
  const runner = goTool(`${suiteModule}/cmd/connectconformance`);
  const suite = openSuite();
  const failures: unknown[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    const tell = (message: Uint8Array) => void socket.write(frameOf(message));
    answering(suite, { input: socket, tell })
      .catch((error: unknown) => failures.push(error))
      .finally(() => socket.end());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const flags = ["--mode", side, "--conf", `${here}${side}.yaml`, "--max-servers", serversMax];
  const known = ["--known-failing", `@${here}${side}.known.txt`];
  const program = ["--", process.execPath, `${here}pipe.mjs`, String(port), side];
  try {
    return verdictOf(await run(runner, [...flags, ...known, ...program]), failures);
  } finally {
    server.close();
  }
}

/** Its exit code only repeats what it says. */
function run(program: string, flags: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const limits = { timeout: runnerMs, maxBuffer: saidBytesMax };
    execFile(program, flags, limits, (_, out, complaints) => resolve(`${complaints}${out}`));
  });
}

function verdictOf(said: string, failures: readonly unknown[]): Verdict {
  const count = (pattern: RegExp) => Number(pattern.exec(said)?.[1] ?? 0);
  const verdict = {
    cases: count(/^Total cases: (\d+)/m),
    passed: count(/^(\d+) passed/m),
    knownFailing: count(/^\(Another (\d+) failed as expected/m),
    failed: count(/(\d+) failed$/m),
    said: [...failures.map(String), said].join("\n"),
  };
  const { cases, passed, knownFailing, failed } = verdict;
  if (cases > 0 && cases === passed + knownFailing + failed) return verdict;
  throw new Error(`the runner did not come to its end:\n${verdict.said}`);
}
