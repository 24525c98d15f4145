import { create } from "@bufbuild/protobuf";
import type { LimitUsage } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { LimitUsageSchema } from "@foedus/gen/foedus/hub/v1/hub_pb.js";

/** How much somebody, or the whole hub, uses of a limit. */
export interface Use {
  readonly name: string;
  /** Empty for the whole hub. */
  readonly subject: string;
  /** Whose members may see it; undefined for everybody's. */
  readonly tenant?: string | undefined;
  readonly used: number;
  /** 0 where there is none. */
  readonly max: number;
  /** Days that are kept and then dropped: all of them in use is how it should be. */
  readonly isKept?: boolean;
}

/** From this part of a limit on there is a warning: four fifths. */
const warnNumerator = 4;
const warnDenominator = 5;

/** A day is dropped within an hour of its end: until then there is one more. */
const daysOfGrace = 1;

/** Whether it is time to do something. */
export function isTight({ used, max, isKept = false }: Use): boolean {
  if (isKept) return used > max + daysOfGrace;
  return max > 0 && used * warnDenominator >= max * warnNumerator;
}

/** What a caller is told of it. */
export function usageOf(use: Use): LimitUsage {
  const { name, subject, used, max } = use;
  const warning = isTight(use);
  const figures = { used: BigInt(used), max: BigInt(max) };
  return create(LimitUsageSchema, {
    name,
    subject,
    ...figures,
    warning,
    advice: warning ? adviceFor(use) : "",
  });
}

/** Warnings first, then by name; within one, whoever uses most. */
export function inOrder(limits: readonly LimitUsage[]): LimitUsage[] {
  return limits.toSorted(
    (a, b) =>
      Number(b.warning) - Number(a.warning) ||
      a.name.localeCompare(b.name) ||
      Number(b.used - a.used),
  );
}

/** What members of a tenant may see: nobody of another one; an operator sees all. */
export function visibleTo(uses: readonly Use[], tenant: string, operator: boolean): Use[] {
  return uses.filter((use) => operator || use.tenant === undefined || use.tenant === tenant);
}

/** How long a warning that was logged is not logged again. */
export const warnedMs = 3_600_000;

/** The warnings that are new, or were logged too long ago; `told` remembers them. */
export function toTell(
  limits: readonly LimitUsage[],
  told: Map<string, number>,
  nowMs: number,
): LimitUsage[] {
  for (const [key, ms] of told) if (nowMs - ms >= warnedMs) told.delete(key);
  const fresh = limits.filter((one) => one.warning && !told.has(keyOf(one)));
  for (const one of fresh) told.set(keyOf(one), nowMs);
  return fresh;
}

function keyOf({ name, subject }: LimitUsage): string {
  return `${name} ${subject}`;
}

const advice: Readonly<Record<string, string>> = {
  connections_max: "raise connections_max, or run a second hub over the same database",
  connections_per_address_max:
    "see what runs at {subject}; raise connections_per_address_max when it is a proxy of many",
  request_bytes_max:
    "let {subject} send smaller requests: more than request_bytes_max is refused; or raise it",
  calls_per_session_max:
    "let {subject} open a second connection: one may carry {max} calls at a time",
  disk_bytes: "free space on the disk of the data folder, or lower event_days",
  event_days: "days past event_days are not dropped: the hub's log says what holds them",
  outbox_days: "days past their time are not dropped: the hub's log says what holds them",
  join_requests: "decide about those who wait: `foedus access requests`",
};

/** Of a rate, who is about to be told to wait. */
const rateAdvice = "let {subject} ask less often: above {name} it has to wait; or raise {name}";

function adviceFor({ name, subject, max }: Use): string {
  const text = advice[name] ?? rateAdvice;
  const places: Record<string, string> = { name, subject, max: String(max) };
  return text.replaceAll(/\{(\w+)\}/g, (place, key: string) => places[key] ?? place);
}
