import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { messageWaitMs } from "../guards/limit.ts";
import { withinCall } from "../underway.ts";
import { race } from "./race.ts";
import { refuseInvalid } from "./request.ts";
import { standingOf } from "./standing.ts";
import type { Watch, WrapKit } from "./watch.ts";

/** A stream that has passed the guards. */
export interface Flow {
  readonly kit: WrapKit;
  readonly watch: Watch;
  /** Aborts when the caller goes, and when the hub drains. */
  readonly signal: AbortSignal;
}

/**
 * What comes in: each message is counted, checked, and read only when its turn has come, so that a
 * caller over its limit is slowed down rather than cut.
 */
export async function* incoming(
  flow: Flow,
  requests: AsyncIterable<MessageShape<DescMessage>>,
): AsyncGenerator<MessageShape<DescMessage>, void, void> {
  const { kit, watch, signal } = flow;
  const stands = standingOf(kit, watch.call);
  for await (const request of untilAborted(requests, signal)) {
    await stands();
    refuseInvalid(watch.call.rpc.method.input, request);
    await turn(flow);
    yield request;
  }
}

/** Waits until one more message is within the caller's rate. */
async function turn({ kit, watch, signal }: Flow): Promise<void> {
  for (;;) {
    const waitMs = messageWaitMs(kit.rates, kit.config(), watch.call);
    if (waitMs === 0) return;
    await race(kit.world.timers.sleep(waitMs, signal), signal);
  }
}

/** What goes out, as long as the caller may hear it. */
export async function* outgoing(
  flow: Flow,
  answers: AsyncIterable<MessageInitShape<DescMessage>>,
): AsyncGenerator<MessageInitShape<DescMessage>, void, void> {
  const { kit, watch, signal } = flow;
  const stands = standingOf(kit, watch.call);
  const run = <R>(work: () => R) => withinCall(signal, () => watch.span.run(work));
  for await (const answer of untilAborted(answers, signal, run)) {
    await stands();
    yield answer;
  }
}

/**
 * The items until the signal aborts, which throws; whoever makes them is told to stop either way.
 */
async function* untilAborted<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal,
  run: <R>(work: () => R) => R = (work) => work(),
): AsyncGenerator<T, void, void> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await race(
        run(() => iterator.next()),
        signal,
      );
      if (step.done === true) return;
      yield step.value;
    }
  } finally {
    // Not awaited: an iterator that is still busy ends when it can.
    void iterator.return?.().catch(() => undefined);
  }
}
