import type { MessageInitShape } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { CapabilityState, Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import type { HealthCheckResponseSchema } from "@foedus/gen/grpc/health/v1/health_pb.js";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "@foedus/gen/grpc/health/v1/health_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Service } from "./capability.ts";
import { service } from "./capability.ts";
import type { Changes } from "./changes.ts";
import type { Tiers } from "./tiers.ts";

/** What health is told from. */
export interface HealthKit {
  readonly tiers: Tiers;
  readonly draining: AbortSignal;
  /** Fires at each change of a capability, and when the hub begins to drain. */
  readonly changes: Changes;
}

type Answer = MessageInitShape<typeof HealthCheckResponseSchema>;

/** grpc.health.v1: "" is the whole hub, a service's full name is its capability. */
export function healthFrom(kit: HealthKit): Service {
  return service(Health, {
    check(request) {
      const status = statusOf(kit, request.service);
      if (status === Status.SERVICE_UNKNOWN) {
        throw new Fault(Reason.NOT_FOUND, { object: `service ${request.service}` });
      }
      return { status };
    },
    async *watch(request, { signal }) {
      let told: Status | undefined;
      while (!signal.aborted) {
        const changed = kit.changes.next(signal);
        const status = statusOf(kit, request.service);
        if (status !== told) yield { status } satisfies Answer;
        told = status;
        if (kit.draining.aborted) return;
        await changed;
      }
    },
    list() {
      return { statuses: { "": { status: statusOf(kit, "") } } };
    },
  });
}

function statusOf({ tiers, draining }: HealthKit, name: string): Status {
  const state = name === "" ? worst(tiers) : tiers.stateOf(name);
  if (state === undefined)
    return name === Health.typeName ? Status.SERVING : Status.SERVICE_UNKNOWN;
  const serves = state === CapabilityState.SERVING && !draining.aborted;
  return serves ? Status.SERVING : Status.NOT_SERVING;
}

/** The hub serves as long as all that must run does. */
function worst(tiers: Tiers): CapabilityState {
  const needed = tiers.statuses().filter((status) => status.tier === Tier.P0);
  return (
    needed.find(({ state }) => state !== CapabilityState.SERVING)?.state ?? CapabilityState.SERVING
  );
}
