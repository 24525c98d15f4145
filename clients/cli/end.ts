import type { ExitCode } from "./exit.ts";

/** A command that has said all it has to say, and still did not succeed. */
export class Ended extends Error {
  readonly exitCode: ExitCode;

  /** `message` is a last remark, or empty. */
  constructor(exitCode: ExitCode, message = "") {
    super(message);
    this.exitCode = exitCode;
  }
}
