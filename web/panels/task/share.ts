import type { QueueShare } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";

type Weighed = Pick<QueueShare, "weight">;

/** What part of a queue's turns falls to one of those that have something ready. */
export function shareOf(share: Weighed, shares: readonly Weighed[]): number {
  const whole = shares.reduce((sum, { weight }) => sum + weight, 0);
  return whole > 0 ? share.weight / whole : 0;
}

const hundred = 100;

/** A part as people say it; what is more than nothing is never told as nothing. */
export function sharePercent(part: number): string {
  const percent = part * hundred;
  if (percent > 0 && percent < 1) return "< 1 %";
  return `${Math.round(percent)} %`;
}

const weightShape = /^\s*(?<key>[^=]*?)\s*=\s*(?<weight>\d+(?:\.\d+)?)\s*$/u;
const weightMin = 0.001;
const weightMax = 1_000;

/** Weights as somebody writes them, one `key=weight` a line. */
export function weightsIn(
  text: string,
): { readonly weights: Readonly<Record<string, number>> } | { readonly problem: string } {
  const weights: Record<string, number> = {};
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const parts = weightShape.exec(line)?.groups;
    const weight = Number(parts?.["weight"]);
    if (parts?.["key"] === undefined || !(weight >= weightMin && weight <= weightMax)) {
      return { problem: `“${line.slice(0, 40)}” is not key=weight, with 0.001 to 1,000` };
    }
    weights[parts["key"]] = weight;
  }
  return { weights };
}

/** The same, to be changed. */
export function weightsText(weights: Readonly<Record<string, number>>): string {
  return Object.entries(weights)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, weight]) => `${key}=${weight}`)
    .join("\n");
}
