import { reasonName } from "@foedus/kernel/fault.ts";
import { failureOf } from "../failure.ts";

/** What was found in one place. */
export interface Finding {
  readonly what: string;
  /** `doubtful` works and may not for long; `untried` waits for what is wrong before it. */
  readonly state: "good" | "doubtful" | "bad" | "untried";
  readonly detail: string;
  /** The line that mends it; empty where nothing has to be. */
  readonly fix: string;
  /** As `foedus explain` knows it; empty where there is none. */
  readonly reason: string;
}

/** What a good value says, and what may be doubted about it. */
export interface Told {
  readonly detail: string;
  /** What mends the doubt; undefined when there is none. */
  readonly doubt?: string | undefined;
}

/** What is known of a step before it is made. */
export interface StepOptions {
  /** What mends it here, where that is more than the reason alone can say. */
  readonly fix?: string;
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

/** An examination that tells findings as soon as they are made; those of one cause together. */
export function openExam(found: (findings: readonly Finding[]) => void): Exam {
  const findings: Finding[] = [];
  const note = (...made: readonly Finding[]) => {
    findings.push(...made);
    found(made);
  };
  return {
    findings,
    async step(what, act, tell, options = {}) {
      try {
        const value = await act();
        const { detail, doubt } = tell(value);
        const state = doubt === undefined ? "good" : "doubtful";
        note({ what, state, detail, fix: doubt ?? "", reason: "" });
        return value;
      } catch (thrown) {
        const failure = await failureOf(thrown);
        if (failure === undefined) throw thrown;
        const { message: detail } = failure;
        const fix = options.fix ?? failure.fix;
        note({ what, state: "bad", detail, fix, reason: reasonName(failure.reason) });
        return undefined;
      }
    },
    untried(whats, because) {
      const made = { state: "untried", detail: because, fix: "", reason: "" } as const;
      note(...whats.map((what) => ({ what, ...made })));
    },
  };
}
