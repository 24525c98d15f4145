import type { TrustInput } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { decimals } from "./figure.ts";

/** With fewer inputs that have a value, trust is unknown. */
export const inputsMin = 3;

/** Finer than this a score says nothing: what lies exactly on an edge stays on it. */
const finest = 1e6;

/** 100 times the weighted mean of the inputs that have a value; undefined when too few have. */
export function scoreOf(inputs: readonly TrustInput[]): number | undefined {
  const counted = inputs.filter(hasValue);
  if (counted.length < inputsMin) return undefined;
  const weight = counted.reduce((sum, one) => sum + one.weight, 0);
  const sum = counted.reduce((total, one) => total + one.weight * one.value, 0);
  return Math.round((100 * sum * finest) / weight) / finest;
}

/** The formula with its figures put in. */
export function formulaOf(inputs: readonly TrustInput[]): string {
  const counted = inputs.filter(hasValue);
  const score = scoreOf(inputs);
  if (score === undefined) {
    return `unknown: ${counted.length} of ${inputs.length} inputs have a value, it takes ${inputsMin}`;
  }
  const terms = counted.map(({ weight, value }) => `${weight} x ${decimals(value, 4)}`);
  const divisor = counted.map(({ weight }) => String(weight));
  return `100 x (${terms.join(" + ")}) / (${divisor.join(" + ")}) = ${score.toFixed(1)}`;
}

function hasValue(one: TrustInput): one is TrustInput & { value: number } {
  return one.value !== undefined;
}
