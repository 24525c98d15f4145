import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { answersToTheEnd, reconnectMs } from "../guards/draining.ts";
import type { Rpc } from "../guards/rpc.ts";
import { runsWithin } from "../underway.ts";
import type { Flow } from "./flow.ts";
import { Incoming, Outgoing } from "./flow.ts";
import type { Linked } from "./race.ts";
import { link, race } from "./race.ts";
import { partingOf } from "./reconnect.ts";
import { refuseInvalid } from "./request.ts";
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
  return (request, context) =>
    new Answers(kit, rpc, context, ({ linked }) => {
      refuseInvalid(rpc.method.input, request);
      return implementation(request, linked.context);
    });
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
      const input = new Incoming(flow, requests);
      const answer = await race(
        flow.run(() => implementation(input, linked.context)),
        flow.ending,
      );
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
  return (requests, context) =>
    new Answers(kit, rpc, context, ({ flow, linked }) =>
      implementation(new Incoming(flow, requests), linked.context),
    );
}

interface Begun {
  readonly flow: Flow;
  readonly linked: Linked;
  readonly watch: Watch;
}

function begin(kit: WrapKit, rpc: Rpc, context: HandlerContext): Begun {
  const watch = beginWatch(kit, rpc, context);
  const linked = link(context, answersToTheEnd(rpc) ? undefined : kit.draining);
  const run = runsWithin(linked.ending, watch.span.trace);
  return { flow: { kit, watch, ending: linked.ending, run }, linked, watch };
}

const end = { done: true, value: undefined } as const;

/** The answers of a call, which begins when the first of them is asked for. */
class Answers implements AsyncIterableIterator<Out> {
  readonly #kit: WrapKit;
  readonly #rpc: Rpc;
  readonly #context: HandlerContext;
  readonly #start: (begun: Begun) => AsyncIterable<Out>;
  #begun: Begun | undefined;
  #outgoing: Outgoing<Out> | undefined;
  #done = false;

  constructor(
    kit: WrapKit,
    rpc: Rpc,
    context: HandlerContext,
    start: (begun: Begun) => AsyncIterable<Out>,
  ) {
    this.#kit = kit;
    this.#rpc = rpc;
    this.#context = context;
    this.#start = start;
  }

  async next(): Promise<IteratorResult<Out, undefined>> {
    if (this.#done) return end;
    const begun = (this.#begun ??= begin(this.#kit, this.#rpc, this.#context));
    try {
      this.#outgoing ??= new Outgoing(
        begun.flow,
        begun.flow.run(() => this.#start(begun)),
      );
      const step = await this.#outgoing.next();
      if (step.done !== true || this.#done) return step;
      begun.watch.done();
      this.#stop();
      return end;
    } catch (error) {
      return this.#failed(begun, error);
    }
  }

  return(): Promise<IteratorResult<Out, undefined>> {
    this.#stop();
    return Promise.resolve(end);
  }

  throw(error: unknown): Promise<IteratorResult<Out, undefined>> {
    const begun = this.#begun;
    return new Promise((resolve) => {
      if (begun === undefined) throw error;
      resolve(this.#failed(begun, error));
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** A stream of a stopping hub ends with where to go on, if its answers have words for that. */
  #failed({ watch }: Begun, error: unknown): IteratorResult<Out, undefined> {
    if (this.#done) return end;
    this.#stop();
    const fault = drainFault(this.#kit, error);
    const item = fault === error ? undefined : partingOf(this.#rpc.method.output, reconnectMs);
    if (item === undefined) throw watch.failed(fault);
    watch.done();
    return { done: false, value: item };
  }

  #stop(): void {
    if (this.#done) return;
    this.#done = true;
    this.#outgoing?.stop();
    this.#begun?.linked.end();
  }
}

/** What to say for an abort that the draining hub itself brought about. */
function drainFault(kit: WrapKit, error: unknown): unknown {
  if (!kit.draining.aborted || error !== kit.draining.reason) return error;
  return new Fault(Reason.DRAINING, { retry_ms: reconnectMs });
}
