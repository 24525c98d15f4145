import type { HubConfig } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Rate } from "@foedus/kernel/rate.ts";
import type { Guard, GuardCall } from "./guard.ts";
import type { RateTable } from "./rates.ts";
import { rateOf } from "./rates.ts";
import type { RateClass } from "./rpc.ts";
import type { Sizes } from "./sizes.ts";

/** Tells a caller that less than a fifth of its limit is left. */
export const leftHeader = "foedus-limit-left";

const warnBelow = 0.2;

/**
 * Counts calls by caller and rate class. The hub's own loops pass: their budget is their cadence.
 */
export function limit(rates: RateTable, config: () => HubConfig, sizes?: Sizes): Guard {
  return (call) => {
    if (call.caller?.kind === "inside") return;
    sizes?.note(call);
    const rate = rateOf(perMinute(call.rpc.policy.rateClass, config()));
    const key = keyOf(call);
    const retryMs = rates.take(key, rate);
    if (retryMs > 0) throw rateLimited(call.rpc.policy.rateClass, rate, retryMs);
    const left = rates.left(key, rate);
    if (left < rate.burst * warnBelow) call.answer.set(leftHeader, String(left));
  };
}

/**
 * Counts one message of a stream; the milliseconds its reader should wait, 0 for none. What opens a
 * stream is rare, and what passes in one is as frequent as what is published.
 */
export function messageWaitMs(rates: RateTable, config: HubConfig, call: GuardCall): number {
  if (call.caller?.kind === "inside") return 0;
  const { rateClass } = call.rpc.policy;
  const isStream = rateClass === "stream";
  const rate = isStream ? config.publishRate : perMinute(rateClass, config);
  return rates.take(messageKeyOf(call), rateOf(rate));
}

const messageKeys = new WeakMap<GuardCall, string>();

/** Made once a call: what passes in it asks for it each time. */
function messageKeyOf(call: GuardCall): string {
  const known = messageKeys.get(call);
  if (known !== undefined) return known;
  const { rateClass } = call.rpc.policy;
  const key = rateClass === "stream" ? `said in a ${keyOf(call)}` : keyOf(call);
  messageKeys.set(call, key);
  return key;
}

/** What a caller over its limit is told. */
export function rateLimited(rateClass: string, rate: Rate, retryMs: number): Fault {
  const facts = { limit: `${rate.perMinute} a minute`, rate_class: rateClass, retry_ms: retryMs };
  return new Fault(Reason.RATE_LIMITED, facts);
}

function keyOf(call: GuardCall): string {
  return `${call.rpc.policy.rateClass} ${call.caller?.tenant} ${payerOf(call.caller)}`;
}

/**
 * Whose budget it is. The agents of a node share one, which is not the node's own, and so do the
 * hubs of a peer: both can make as many names as they like.
 */
function payerOf(caller: Caller | undefined): string | undefined {
  if (caller?.kind === "agent") return caller.id.slice(0, caller.id.lastIndexOf("/"));
  return caller?.kind === "peer" ? `spiffe://${caller.trustDomain}` : caller?.id;
}

function perMinute(rateClass: string, config: HubConfig): number {
  const rates: Record<RateClass, number> = {
    control: config.controlRate,
    join: config.joinRate,
    publish: config.publishRate,
    heartbeat: config.heartbeatRate,
    stream: config.streamRate,
  };
  return rates[rateClass as RateClass];
}
