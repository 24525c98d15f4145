import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { Effect } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Rpc } from "../guards/rpc.ts";
import { withinCall } from "../underway.ts";
import { linkFor, race } from "./race.ts";
import { refuseInvalid, requestIdOf, withSignal } from "./request.ts";
import type { WrapKit } from "./watch.ts";
import { beginWatch } from "./watch.ts";

type Unary = (
  request: MessageShape<DescMessage>,
  context: HandlerContext,
) => Promise<MessageInitShape<DescMessage>> | MessageInitShape<DescMessage>;

/** Trace, deadline, validation and faults around a unary implementation. */
export function wrapUnary(kit: WrapKit, rpc: Rpc, implementation: Unary): Unary {
  return async (request, context) => {
    const watch = beginWatch(kit, rpc, context);
    const ms = timeLeftMs(kit, context);
    const late = () => new Fault(Reason.DEADLINE_EXCEEDED, { timeout_ms: Math.round(ms) });
    const linked = linkFor(kit.world, context.signal, ms, late);
    try {
      refuseInvalid(rpc.method.input, request);
      const run = async () => await implementation(request, withSignal(context, linked.signal));
      const work = withinCall(linked.signal, () => watch.span.run(run));
      const answer = await race(work, linked.signal);
      watch.done();
      return answer;
    } catch (error) {
      const requestId = rpc.policy.effect === Effect.WRITE ? requestIdOf(request) : "";
      throw watch.failed(error, requestId);
    } finally {
      linked.end();
    }
  };
}

/** What the caller allows, and never more than the hub does. */
function timeLeftMs(kit: WrapKit, context: HandlerContext): number {
  return Math.min(context.timeoutMs() ?? Number.POSITIVE_INFINITY, Number(kit.config().callMsMax));
}
