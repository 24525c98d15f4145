import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { Effect } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Rpc } from "../guards/rpc.ts";
import { runsWithin } from "../underway.ts";
import { link, race } from "./race.ts";
import { refuseInvalid, requestIdOf } from "./request.ts";
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
    const linked = link(context);
    const { ending } = linked;
    const timer = kit.world.timers.after(ms, () =>
      ending.end(new Fault(Reason.DEADLINE_EXCEEDED, { timeout_ms: Math.round(ms) })),
    );
    try {
      refuseInvalid(rpc.method.input, request);
      const run = runsWithin(ending, watch.span.trace);
      const work = run(() => implementation(request, linked.context));
      // Even what is there at once comes too late for a call that has ended.
      const settled = ending.ended || work instanceof Promise;
      const answer = settled ? await race(Promise.resolve(work), ending) : work;
      watch.done();
      return answer;
    } catch (error) {
      const requestId = rpc.policy.effect === Effect.WRITE ? requestIdOf(request) : "";
      throw watch.failed(error, requestId);
    } finally {
      timer.cancel();
      linked.end();
    }
  };
}

/** What the caller allows, and never more than the hub does. */
function timeLeftMs(kit: WrapKit, context: HandlerContext): number {
  return Math.min(context.timeoutMs() ?? Number.POSITIVE_INFINITY, Number(kit.config().callMsMax));
}
