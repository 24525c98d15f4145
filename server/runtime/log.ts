/** What happened, and with what. Secrets never: messages go through `redacted`. */
export interface Log {
  error(event: string, facts?: LogFacts): void;
  warn(event: string, facts?: LogFacts): void;
  info(event: string, facts?: LogFacts): void;
  debug(event: string, facts?: LogFacts): void;
  /** The same log with facts on every line. */
  with(facts: LogFacts): Log;
}

/** Facts of a log line; an Error is written with its stack. */
export type LogFacts = Record<string, unknown>;
