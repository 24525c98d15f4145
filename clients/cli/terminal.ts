import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { buffer as readBytes, text as readAll } from "node:stream/consumers";

/** Who sits at standard input, if anybody. */
export interface Terminal {
  /** Whether somebody is there who can answer. */
  readonly isAttended: boolean;
  /** Asks, and waits for a line. */
  ask(question: string): Promise<string>;
  /** Asks for a secret, which is not shown while it is typed. */
  askSecret(question: string): Promise<string>;
  /** All that a program or a file gives on standard input. */
  readInput(): Promise<string>;
  /** The same where it need not be text. */
  readBytes(): Promise<Uint8Array>;
}

/** The terminal of this process. Questions go to standard error, so that answers can be piped. */
export function openTerminal(signal: () => AbortSignal): Terminal {
  const { stdin: input, stderr } = process;
  return {
    isAttended: input.isTTY && stderr.isTTY,
    readInput: () => readAll(input),
    readBytes: async () => new Uint8Array(await readBytes(input)),
    async ask(question) {
      const lines = createInterface({ input, output: stderr, terminal: false });
      try {
        return await lines.question(question, { signal: signal() });
      } finally {
        lines.close();
      }
    },
    async askSecret(question) {
      const output = new Writable({ write: (_chunk, _encoding, done) => done() });
      const lines = createInterface({ input, output, terminal: true });
      // A terminal that shows nothing hands Ctrl-C over as a key.
      lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
      // Only now, when the terminal has stopped to show what is typed.
      stderr.write(question);
      try {
        return await lines.question("", { signal: signal() });
      } finally {
        lines.close();
        stderr.write("\n");
      }
    },
  };
}
