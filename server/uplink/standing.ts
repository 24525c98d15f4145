import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { Waiting } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { WaitingSchema } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Uplink } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { UplinkSchema, UplinkState } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import type { FoedusError } from "@foedus/sdk/error.ts";
import type { Hub } from "../runtime/capability.ts";

/** How this hub stands with its parent, as it changes. */
export interface Standing {
  told(): Uplink;
  /** It asks to be let in. */
  joining(): void;
  /** An admin of the parent decides. */
  decided(waiting: Waiting): void;
  /** It is a node, and connected; the round trip is asked for when somebody looks. */
  reached(nodeId: string, roundTripMs: () => number | undefined): void;
  connected(): boolean;
  /** The parent does not answer, or refuses. */
  failed(error: FoedusError): void;
}

/** Nothing is known yet. */
export function openStanding({
  config,
  storage,
  parent: slot,
}: Pick<Hub, "config" | "storage" | "parent">): Standing {
  let state: UplinkState = UplinkState.JOINING;
  let nodeId = "";
  let waiting: Waiting | undefined;
  let roundTripMs: () => number | undefined = () => undefined;
  const wait = (for_: string, who: string, command: string) => {
    // Each try that fails has words of its own, and the wait began with the first.
    const sinceMs = waiting?.sinceMs ?? BigInt(storage.nowMs());
    waiting = create(WaitingSchema, {
      waitingFor: for_,
      whoCanEndIt: who,
      sinceMs,
      command,
    });
  };
  return {
    told() {
      const { parent } = config();
      const tripMs = state === UplinkState.CONNECTED ? roundTripMs() : undefined;
      const roundTripUs = tripMs === undefined ? undefined : BigInt(Math.round(tripMs * 1_000));
      const waits = waiting ?? slot.waiting();
      return create(UplinkSchema, { parent, state, nodeId, roundTripUs, waiting: waits });
    },
    joining() {
      if (nodeId === "" && state !== UplinkState.WAITING) state = UplinkState.JOINING;
    },
    decided(told) {
      state = UplinkState.WAITING;
      waiting = told;
    },
    reached(id, trip) {
      state = UplinkState.CONNECTED;
      nodeId = id;
      roundTripMs = trip;
      waiting = undefined;
    },
    connected: () => state === UplinkState.CONNECTED,
    failed(error) {
      const away = error.code === Code.Unavailable || error.code === Code.DeadlineExceeded;
      state = away ? UplinkState.AWAY : UplinkState.REFUSED;
      wait(error.message, away ? "whoever runs the parent" : "an operator", error.fix);
    },
  };
}
