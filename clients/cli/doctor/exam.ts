import type { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { reasonName } from "@foedus/kernel/fault.ts";
import { failureOf, type Failure } from "../failure.ts";

/** What was found in one place. */
export interface Finding {
  readonly what: string;
  /** `doubtful` works and may not for long; `untried` waits for what is wrong before it. */
  readonly state: "good" | "doubtful" | "bad" | "untried";
  readonly detail: string;
  /** Why it matters, in one clause; empty where all is well. */
  readonly why: string;
  /** What usually leads to it; empty where the finding says that itself. */
  readonly cause: string;
  /** What mends it, in words or as the line; empty where nothing has to be. */
  readonly fix: string;
  /** The line to paste that mends it; empty where there is none. */
  readonly line: string;
  /** As `foedus explain` knows it; empty where there is none. */
  readonly reason: string;
}

/** Why something matters, and what mends it. */
export interface Remedy {
  readonly why?: string;
  /** A command to paste. */
  readonly line?: string;
  /** Words, where no command mends it. */
  readonly fix?: string;
}

/** What a value says. */
export interface Told {
  readonly detail: string;
  /** What may be doubted about it; undefined when there is nothing. */
  readonly doubt?: Remedy | undefined;
  /** What is wrong with it though it could be read. */
  readonly wrong?: Remedy | undefined;
}

/** What is known of a step before it is made. */
export interface StepOptions {
  /** What mends it here, where that is more than the reason alone can say. */
  readonly remedy?: (failure: Failure) => Remedy | undefined;
  /** Reasons that say nothing is wrong: it is only not for us to know. */
  readonly notOurs?: readonly Reason[];
}

/** An examination: one finding after the other. */
export interface Exam {
  readonly findings: readonly Finding[];
  /** Tries something; undefined when it failed, and the finding says why and what mends it. */
  step<T>(
    what: string,
    act: () => T | Promise<T>,
    tell: (value: T) => Told,
    options?: StepOptions,
  ): Promise<T | undefined>;
  /** Names what cannot be tried, because of what was found before. */
  untried(whats: readonly string[], because: string): void;
}

const nothing = { why: "", cause: "", fix: "", line: "", reason: "" } as const;

/** An examination that tells findings as soon as they are made; those of one cause together. */
export function openExam(found: (findings: readonly Finding[]) => void): Exam {
  const findings: Finding[] = [];
  const note = (...made: readonly Finding[]) => {
    findings.push(...made);
    found(made);
  };
  const untried = (whats: readonly string[], detail: string) =>
    note(...whats.map((what): Finding => ({ ...nothing, what, state: "untried", detail })));
  return {
    findings,
    untried,
    async step(what, act, tell, options = {}) {
      try {
        const value = await act();
        note(findingOf(what, tell(value)));
        return value;
      } catch (thrown) {
        const failure = await failureOf(thrown);
        if (failure === undefined) throw thrown;
        if (options.notOurs?.includes(failure.reason) === true) {
          untried([what], "your role may not look at it");
        } else note(failed(what, failure, options.remedy?.(failure)));
        return undefined;
      }
    },
  };
}

function findingOf(what: string, { detail, doubt, wrong }: Told): Finding {
  const remedy = wrong ?? doubt;
  if (remedy === undefined) return { ...nothing, what, state: "good", detail };
  const { why = "", line = "", fix = line } = remedy;
  const state = wrong === undefined ? "doubtful" : "bad";
  return { ...nothing, what, state, detail, why, fix, line };
}

function failed(what: string, failure: Failure, remedy: Remedy = {}): Finding {
  const { message: detail, because, fix: usual, reason } = failure;
  const { why = "", line = "", fix = line === "" ? usual : line } = remedy;
  const cause = why === "" ? because : "";
  return { what, state: "bad", detail, why, cause, fix, line, reason: reasonName(reason) };
}
