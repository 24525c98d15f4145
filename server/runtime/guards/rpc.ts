import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { create, getOption, hasOption } from "@bufbuild/protobuf";
import type { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import type { Policy } from "@foedus/gen/foedus/options/v1/options_pb.js";
import {
  Audience,
  Effect,
  PolicySchema,
  Role,
  policy,
} from "@foedus/gen/foedus/options/v1/options_pb.js";

/** A method and its policy, read once at boot. */
export interface Rpc {
  readonly method: DescMethod;
  /** e.g. "foedus.node.v1.NodeService/RetireNode". */
  readonly name: string;
  readonly policy: Policy;
  /** How much its capability matters. */
  readonly tier: Tier;
}

/** What stands behind a service. */
export interface Backing {
  readonly tier: Tier;
  /** The policy of a service of somebody else, which cannot carry our option. */
  readonly foreign?: Policy;
}

/** The rate classes that the config knows. */
export const rateClasses = ["control", "join", "publish", "heartbeat", "stream"] as const;

/** One of them. */
export type RateClass = (typeof rateClasses)[number];

/** What a service of somebody else, which cannot carry our option, is allowed by. */
export function foreignPolicy(least: "anybody" | "observer"): Policy {
  const known = [Audience.NODE, Audience.HUB, Audience.PERSON, Audience.AGENT, Audience.OPERATOR];
  const open = least === "anybody" ? [Audience.VISITOR] : [];
  return create(PolicySchema, {
    audience: [...known, ...open],
    leastRole: least === "anybody" ? Role.UNSPECIFIED : Role.OBSERVER,
    effect: Effect.READ,
    rateClass: "control",
  });
}

/**
 * The methods of a service with their policies; throws, so that the hub does not boot, if one has
 * none.
 */
export function rpcsOf(service: DescService, { tier, foreign }: Backing): Rpc[] {
  return service.methods.map((method) => {
    const name = `${service.typeName}/${method.name}`;
    if (foreign === undefined && !hasOption(method, policy)) {
      throw new Error(`${name} has no policy: give it option (foedus.options.v1.policy)`);
    }
    const found = foreign ?? getOption(method, policy);
    const problem = problemOf(found);
    if (problem !== undefined) throw new Error(`the policy of ${name} ${problem}`);
    return { method, name, policy: found, tier };
  });
}

function problemOf(found: Policy): string | undefined {
  const { audience, effect, rateClass } = found;
  if (audience.length === 0 || audience.includes(Audience.UNSPECIFIED)) return "has no audience";
  if (effect === Effect.UNSPECIFIED) return "has no effect";
  const known = rateClasses.some((one) => one === rateClass);
  return known ? undefined : `names no rate class of the config: "${rateClass}"`;
}
