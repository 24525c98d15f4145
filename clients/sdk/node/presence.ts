import type { MessageInitShape } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Node, NodeProfileSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { RegisterNodeResponse } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { create } from "@bufbuild/protobuf";
import { newId } from "@foedus/kernel/ids.ts";
import { errorOf } from "../error.wire.ts";
import { linked } from "../signals.ts";
import { persist } from "../wire/persist.ts";
import type { HeartbeatKit, Heartbeats, NodeHealth } from "./heartbeat.ts";
import { startHeartbeats } from "./heartbeat.ts";

type Profile = MessageInitShape<typeof NodeProfileSchema>;

/** How the hub knows what a node is, and that it is there. */
export interface Presence {
  register(profile: Profile, signal?: AbortSignal): Promise<Node>;
  roundTripMs(): number | undefined;
}

const answerMs = 15_000;

/** Silent until the node registers; heartbeats from then on. */
export function openPresence(
  parts: Omit<HeartbeatKit, "health" | "register">,
  health: () => NodeHealth | Promise<NodeHealth> = () => ({ healthy: true }),
): Presence {
  const { kit, client } = parts;
  let latest: Profile | undefined;
  let heartbeats: Heartbeats | undefined;

  /** One request_id over all tries: an answer that was lost does not make it two decisions. */
  async function tell(profile: Profile, signal: AbortSignal): Promise<RegisterNodeResponse> {
    const request = { requestId: newId("req", kit.world), profile };
    const call = () => client.registerNode(request, { timeoutMs: answerMs, signal });
    try {
      return await persist(call, { world: kit.world, signal });
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      const error = errorOf(thrown);
      if (error.reason === Reason.NODE_RETIRED) {
        kit.notice({ kind: "ended", error });
        kit.ended.abort(error);
      }
      throw error;
    }
  }

  async function again(): Promise<void> {
    if (latest !== undefined) await tell(latest, kit.ended.signal);
  }

  return {
    roundTripMs: () => heartbeats?.roundTripMs(),
    async register(profile, signal) {
      using both = linked(kit.ended.signal, signal);
      const { node, heartbeatMs } = await tell(profile, both.signal);
      latest = profile;
      heartbeats ??= startHeartbeats({ ...parts, health, register: again }, Number(heartbeatMs));
      return node ?? create(NodeSchema);
    },
  };
}
