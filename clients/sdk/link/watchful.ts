import type { Interceptor } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { errorOf } from "../error.wire.ts";
import type { NodeKit } from "./kit.ts";

/** Looks at every failure of every call for what it says of the node itself. */
export function watchful(kit: NodeKit, lapsed: () => void): Interceptor {
  const look = (thrown: unknown): void => {
    const error = errorOf(thrown);
    if (error.reason === Reason.CERTIFICATE_EXPIRED) return lapsed();
    const { nodeId } = kit.membership.admission;
    if (error.reason !== Reason.NODE_REVOKED || error.facts.node_id !== nodeId) return;
    if (kit.ended.signal.aborted) return;
    kit.notice({ kind: "ended", error });
    kit.ended.abort(error);
  };
  return (next) => async (request) => {
    try {
      const response = await next(request);
      return response.stream ? { ...response, message: watched(response.message, look) } : response;
    } catch (thrown) {
      look(thrown);
      throw thrown;
    }
  };
}

async function* watched<T>(
  messages: AsyncIterable<T>,
  look: (thrown: unknown) => void,
): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (thrown) {
    look(thrown);
    throw thrown;
  }
}
