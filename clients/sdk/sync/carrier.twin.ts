import type { Client } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import { errorOf } from "../error.wire.ts";
import { linked } from "../signals.ts";
import { heard } from "./carrier.heard.ts";
import type { Carrier } from "./carrier.ts";

/** What one Push carries. */
const framesMax = 256;
const bytesMax = 524_288;
const answerMs = 15_000;

/** Two halves for who cannot speak while it listens: browsers, Workers, agents. */
export function twinCarrier(client: Client<typeof SyncService>, world: World): Carrier {
  return {
    async open(opening, signal) {
      const both = linked(signal);
      const answers = client.pull({ open: opening }, { signal: both.signal });
      const { opened, frames } = await heard(answers);
      const { sessionId } = opened;
      const call = { signal: both.signal, timeoutMs: answerMs };
      const push = (frames: Frame[]) => {
        return patient(() => client.push({ sessionId, frames }, call), world, both.signal);
      };
      const pushes = new Pushes(push, (error) => both.abort(error));
      return { opened, frames: untilFailed(frames, both), send: (frame) => pushes.send(frame) };
    },
  };
}

/** A hub that has no time for it has not looked at it: the same again when it says so. */
async function patient<Answer>(
  push: () => Promise<Answer>,
  { timers }: World,
  signal: AbortSignal,
): Promise<Answer> {
  for (;;) {
    try {
      return await push();
    } catch (thrown) {
      const { reason, facts } = errorOf(thrown);
      if (reason !== Reason.RATE_LIMITED || signal.aborted) throw thrown;
      await timers.sleep(Number(facts.retry_ms ?? 0), signal);
    }
  }
}

/** Frames on their way, as many at once as a request takes; one request at a time, in order. */
class Pushes {
  readonly #push: (frames: Frame[]) => Promise<unknown>;
  readonly #failed: (error: unknown) => void;
  readonly #waiting: Frame[] = [];
  #running = false;

  constructor(push: (frames: Frame[]) => Promise<unknown>, failed: (error: unknown) => void) {
    this.#push = push;
    this.#failed = failed;
  }

  send(frame: Frame): void {
    this.#waiting.push(frame);
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      // What is said in the same breath goes together.
      await Promise.resolve();
      while (this.#waiting.length > 0) await this.#push(this.#take());
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#running = false;
    }
  }

  #take(): Frame[] {
    let [count, bytes] = [0, 0];
    for (const { frame } of this.#waiting.slice(0, framesMax)) {
      if (frame.case === "push") for (const op of frame.value.ops) bytes += op.length;
      if (count > 0 && bytes > bytesMax) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}

/** What a failed Push says is thrown where the session is read. */
async function* untilFailed(
  frames: AsyncIterable<Frame>,
  both: { readonly signal: AbortSignal } & Disposable,
): AsyncGenerator<Frame, void, void> {
  try {
    yield* frames;
    both.signal.throwIfAborted();
  } catch (error) {
    throw both.signal.aborted ? both.signal.reason : error;
  } finally {
    both[Symbol.dispose]();
  }
}
