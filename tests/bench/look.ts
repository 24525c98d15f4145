/** A figure with a unit of its own: of several turns, or of one. */
export interface Seen {
  readonly name: string;
  readonly unit: string;
  /** What the issue asks for; empty where it only wants to know. */
  readonly target: string;
  readonly best: number | undefined;
  readonly median: number | undefined;
  readonly worst: number | undefined;
}

/** What a look runs with. */
export interface LookContext {
  /** How long changes go on. */
  readonly updatesMs: number;
  /** Told what is done now, for it takes minutes. */
  say(line: string): void;
}

/** Questions that no rate of operations answers, and the figures that do. */
export interface Look {
  readonly title: string;
  readonly what: string;
  look(context: LookContext): Promise<Seen[]>;
}
