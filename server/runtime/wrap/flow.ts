import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { Ending } from "../ending.ts";
import { messageWaitMs } from "../guards/limit.ts";
import type { Run } from "../underway.ts";
import { race } from "./race.ts";
import { refuseInvalid } from "./request.ts";
import type { Standing } from "./standing.ts";
import { standingOf } from "./standing.ts";
import type { Watch, WrapKit } from "./watch.ts";

/** A stream that has passed the guards. */
export interface Flow {
  readonly kit: WrapKit;
  readonly watch: Watch;
  /** Ends when the caller goes, and when the hub drains. */
  readonly ending: Ending;
  /** Runs parts of the implementation. */
  readonly run: Run;
}

const end = { done: true, value: undefined } as const;

/**
 * What comes in: each message is counted, checked, and read only when its turn has come, so that a
 * caller over its limit is slowed down rather than cut. No generator: there would be three of them
 * in one another, and each message would wait for all.
 */
export class Incoming<T extends MessageShape<DescMessage>> implements AsyncIterableIterator<T> {
  readonly #flow: Flow;
  readonly #requests: AsyncIterator<T>;
  readonly #stands: Standing;
  #done = false;

  constructor(flow: Flow, requests: AsyncIterable<T>) {
    this.#flow = flow;
    this.#requests = requests[Symbol.asyncIterator]();
    this.#stands = standingOf(flow.kit, flow.watch.call);
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#done) return end;
    const { kit, watch, ending } = this.#flow;
    try {
      const step = await race(this.#requests.next(), ending);
      if (step.done === true) {
        this.#stop();
        return end;
      }
      const asked = this.#stands();
      if (asked !== undefined) await asked;
      refuseInvalid(watch.call.rpc.method.input, step.value);
      for (;;) {
        const waitMs = messageWaitMs(kit.rates, kit.config(), watch.call);
        if (waitMs === 0) return step;
        await race(kit.world.timers.sleep(waitMs, ending.signal), ending);
      }
    } catch (error) {
      this.#stop();
      throw error;
    }
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#stop();
    return Promise.resolve(end);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #stop(): void {
    if (this.#done) return;
    this.#done = true;
    letGo(this.#requests);
  }
}

/** What goes out, as long as the caller may hear it. */
export class Outgoing<T extends MessageInitShape<DescMessage>> {
  readonly #flow: Flow;
  readonly #answers: AsyncIterator<T>;
  readonly #stands: Standing;
  readonly #ask = () => this.#answers.next();

  constructor(flow: Flow, answers: AsyncIterable<T>) {
    this.#flow = flow;
    this.#answers = answers[Symbol.asyncIterator]();
    this.#stands = standingOf(flow.kit, flow.watch.call);
  }

  /** The next answer. */
  async next(): Promise<IteratorResult<T, undefined>> {
    const { run, ending } = this.#flow;
    const step = await race(run(this.#ask), ending);
    if (step.done === true) return end;
    const asked = this.#stands();
    if (asked !== undefined) await asked;
    return step;
  }

  /** Nobody wants more of them. */
  stop(): void {
    letGo(this.#answers);
  }
}

/** Not awaited: an iterator that is still busy ends when it can. */
function letGo(iterator: AsyncIterator<unknown>): void {
  void iterator.return?.().catch(() => undefined);
}
