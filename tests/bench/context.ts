import type { Federation } from "./federation.ts";
import type { Figures, Subject } from "./rounds.ts";

/** What a bench runs with. */
export interface BenchContext {
  readonly federation: Federation;
  /** Whether this is the size of a quick look. */
  readonly small: boolean;
  /** How long one turn takes. */
  readonly turnMs: number;
  measure(subjects: readonly Subject[]): Promise<Figures[]>;
}

/** One question, and the figures that answer it. */
export interface Bench {
  readonly title: string;
  readonly what: string;
  /** What performance.md asks for; empty where it only wants to know. */
  readonly target: string;
  run(context: BenchContext): Promise<Figures[]>;
}
