import type { Interceptor } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { FoedusError } from "../error.ts";
import { errorOf } from "../error.wire.ts";
import type { NodeKit } from "./kit.ts";

/** What a failure may say of the node itself, beside that it is over. */
export interface Watch {
  /** Its certificate lapsed, as the hub sees it. */
  readonly lapsed: () => void;
  /** It is cut off until an admin releases it. */
  readonly quarantined: (error: FoedusError) => void;
}

/** Looks at every failure of every call for what it says of the node itself. */
export function watchful(kit: NodeKit, { lapsed, quarantined }: Watch): Interceptor {
  const look = (thrown: unknown): void => {
    const error = errorOf(thrown);
    if (error.reason === Reason.CERTIFICATE_EXPIRED) return lapsed();
    if (error.facts.node_id !== kit.membership.admission.nodeId) return;
    if (error.reason === Reason.NODE_QUARANTINED) return quarantined(error);
    if (error.reason !== Reason.NODE_REVOKED) return;
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
