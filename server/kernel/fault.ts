import type { DescEnumValue } from "@bufbuild/protobuf";
import { getOption } from "@bufbuild/protobuf";
import type { Explanation } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Reason, ReasonSchema, explain } from "@foedus/gen/foedus/fault/v1/fault_pb.js";

/** What a fault is about: names of the template's `{places}` and what stands there. */
export type Facts = Record<string, string | number | bigint>;

/** A failure the caller can act on. Everything else that is thrown is a bug. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly reason: Reason;
  readonly facts: Record<string, string>;

  constructor(reason: Reason, facts: Facts = {}, options?: ErrorOptions) {
    const texts = Object.fromEntries(
      Object.entries(facts).map(([key, fact]) => [key, String(fact)]),
    );
    super(fill(explanationOf(reason).template, texts), options);
    this.reason = reason;
    this.facts = texts;
  }
}

/** The domain of our google.rpc.ErrorInfo. */
export const faultDomain = "foedus.dev";

/** The words for a reason; generation made sure that each has some. */
export function explanationOf(reason: Reason): Explanation {
  return getOption(valueOf(reason), explain);
}

/** What mends this fault, naming what it is about. */
export function fixOf(fault: Fault): string {
  return fill(explanationOf(fault.reason).fix, fault.facts);
}

/** How a reason is spelled on the wire and in `foedus explain`, e.g. "NOT_YOURS". */
export function reasonName(reason: Reason): string {
  return valueOf(reason).localName;
}

/** The reason of that spelling; undefined when this program does not know it. */
export function reasonNamed(name: string): Reason | undefined {
  return ReasonSchema.values.find((value) => value.localName === name)?.number;
}

/** Every reason that can be sent, in the order of the schema. */
export function allReasons(): Reason[] {
  return ReasonSchema.values.map((value) => value.number).filter((number) => number !== 0);
}

function valueOf(reason: Reason): DescEnumValue {
  const value = ReasonSchema.value[reason] ?? ReasonSchema.value[Reason.UNSPECIFIED];
  if (value === undefined) throw new Error("the schema has no REASON_UNSPECIFIED");
  return value;
}

function fill(template: string, facts: Record<string, string>): string {
  return template.replaceAll(/\{(\w+)\}/g, (place, key: string) => facts[key] ?? place);
}
