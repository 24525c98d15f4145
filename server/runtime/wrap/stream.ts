import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { answersToTheEnd, reconnectMs } from "../guards/draining.ts";
import type { Rpc } from "../guards/rpc.ts";
import { withinCall } from "../underway.ts";
import type { Flow } from "./flow.ts";
import { incoming, outgoing } from "./flow.ts";
import type { LinkedSignal } from "./race.ts";
import { link, race } from "./race.ts";
import { partingOf } from "./reconnect.ts";
import { refuseInvalid, withSignal } from "./request.ts";
import type { Watch, WrapKit } from "./watch.ts";
import { beginWatch } from "./watch.ts";

type In = MessageShape<DescMessage>;
type Out = MessageInitShape<DescMessage>;
type ServerStream = (request: In, context: HandlerContext) => AsyncIterable<Out>;
type ClientStream = (requests: AsyncIterable<In>, context: HandlerContext) => Promise<Out>;
type TwoWay = (requests: AsyncIterable<In>, context: HandlerContext) => AsyncIterable<Out>;

/** Everything around an implementation that answers with a stream. */
export function wrapServerStream(
  kit: WrapKit,
  rpc: Rpc,
  implementation: ServerStream,
): ServerStream {
  return async function* serverStream(request, context) {
    const { flow, linked, watch } = begin(kit, rpc, context);
    try {
      refuseInvalid(rpc.method.input, request);
      const run = () => implementation(request, withSignal(context, linked.signal));
      yield* outgoing(flow, watch.span.run(run));
      watch.done();
    } catch (error) {
      yield* partingItem(kit, rpc, watch, error);
    } finally {
      linked.end();
    }
  };
}

/** Everything around an implementation that takes a stream. */
export function wrapClientStream(
  kit: WrapKit,
  rpc: Rpc,
  implementation: ClientStream,
): ClientStream {
  return async (requests, context) => {
    const { flow, linked, watch } = begin(kit, rpc, context);
    try {
      const input = incoming(flow, requests);
      const run = () => implementation(input, withSignal(context, linked.signal));
      const work = withinCall(linked.signal, () => watch.span.run(run));
      const answer = await race(work, linked.signal);
      watch.done();
      return answer;
    } catch (error) {
      throw watch.failed(drainFault(kit, error));
    } finally {
      linked.end();
    }
  };
}

/** Everything around an implementation that takes and answers with a stream. */
export function wrapTwoWay(kit: WrapKit, rpc: Rpc, implementation: TwoWay): TwoWay {
  return async function* twoWay(requests, context) {
    const { flow, linked, watch } = begin(kit, rpc, context);
    try {
      const input = incoming(flow, requests);
      const run = () => implementation(input, withSignal(context, linked.signal));
      yield* outgoing(flow, watch.span.run(run));
      watch.done();
    } catch (error) {
      yield* partingItem(kit, rpc, watch, error);
    } finally {
      linked.end();
    }
  };
}

interface Begun {
  readonly flow: Flow;
  readonly linked: LinkedSignal;
  readonly watch: Watch;
}

function begin(kit: WrapKit, rpc: Rpc, context: HandlerContext): Begun {
  const watch = beginWatch(kit, rpc, context);
  const linked = answersToTheEnd(rpc) ? link(context.signal) : link(context.signal, kit.draining);
  return { flow: { kit, watch, signal: linked.signal }, linked, watch };
}

/** A stream of a stopping hub ends with where to go on, if its answers have words for that. */
async function* partingItem(
  kit: WrapKit,
  rpc: Rpc,
  watch: Watch,
  error: unknown,
): AsyncGenerator<Out, void, void> {
  const fault = drainFault(kit, error);
  const item = fault === error ? undefined : partingOf(rpc.method.output, reconnectMs);
  if (item === undefined) throw watch.failed(fault);
  watch.done();
  yield item;
}

/** What to say for an abort that the draining hub itself brought about. */
function drainFault(kit: WrapKit, error: unknown): unknown {
  if (!kit.draining.aborted || error !== kit.draining.reason) return error;
  return new Fault(Reason.DRAINING, { retry_ms: reconnectMs });
}
