import { Code } from "@connectrpc/connect";
import type { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Facts } from "@foedus/kernel/fault.ts";
import { Fault, explanationOf } from "@foedus/kernel/fault.ts";

/** What may be known of a failure beside its reason and facts. */
export interface FoedusErrorOptions extends ErrorOptions {
  /** The hub's own words; else the reason's template with the facts filled in. */
  readonly message?: string;
  /** The status code on the wire; else the reason's own. */
  readonly code?: Code;
  /** The remedy as the hub told it; else the one this program knows. */
  readonly fix?: string;
  /** What usually brings it about, as the hub told it; else as this program knows it. */
  readonly because?: string;
}

/**
 * Every failure this SDK throws, besides the reason of your own AbortSignal. Act on `reason`, show
 * `message` and `fix` to people.
 */
export class FoedusError extends Error {
  override readonly name = "FoedusError";
  /** Which of the closed list: what a program decides by. */
  readonly reason: Reason;
  /** The gRPC status code that goes with it. */
  readonly code: Code;
  /** What it is about, by the names of the reason's template. */
  readonly facts: Record<string, string>;
  /** What usually brings it about. */
  readonly because: string;
  /** The command or the act that mends it. */
  readonly fix: string;

  constructor(reason: Reason, facts: Facts = {}, options: FoedusErrorOptions = {}) {
    const fault = new Fault(reason, facts);
    const { message, cause } = options;
    super(message ?? fault.message, cause === undefined ? undefined : { cause });
    const words = explanationOf(reason);
    this.reason = reason;
    this.facts = fault.facts;
    this.code = options.code ?? codeNamed(words.code);
    this.because = options.because ?? words.cause;
    this.fix = filled(options.fix ?? words.fix, fault.facts);
  }
}

/** A remedy may name what the failure is about, as the message does. */
function filled(text: string, facts: Record<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, key: string) => facts[key] ?? place);
}

/** "FAILED_PRECONDITION" -> Code.FailedPrecondition. */
function codeNamed(name: string): Code {
  const camel = name.toLowerCase().replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => {
    return letter.toUpperCase();
  });
  const found = Object.entries(Code).find(([key]) => key === camel)?.[1];
  return typeof found === "number" ? found : Code.Unknown;
}
