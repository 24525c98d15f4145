import type { Client } from "@connectrpc/connect";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import { heard } from "./carrier.heard.ts";
import type { Carrier } from "./carrier.ts";

/** What one Push carries. */
const framesMax = 256;
const bytesMax = 524_288;
/** Longer than that nobody says nothing: a connection that is gone is noticed by asking. */
const silenceMs = 20_000;
const answerMs = 15_000;

/** Two halves for who cannot speak while it listens: browsers, Workers, agents. */
export function twinCarrier(client: Client<typeof SyncService>, world: World): Carrier {
  return {
    async open(opening, signal) {
      const failed = new AbortController();
      const both = AbortSignal.any([signal, failed.signal]);
      const answers = client.pull({ open: opening }, { signal: both });
      const { opened, frames } = await heard(answers);
      const { sessionId } = opened;
      const push = async (frames: Frame[]) => {
        await client.push({ sessionId, frames }, { signal: both, timeoutMs: answerMs });
      };
      const outgoing = new Pushes(push, (error) => failed.abort(error));
      return { opened, frames: watched(frames, { world, both, outgoing }), send: outgoing.send };
    },
  };
}

/** Frames on their way, as many at once as a request takes; one request at a time, in order. */
class Pushes {
  readonly #push: (frames: Frame[]) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  readonly #waiting: Frame[] = [];
  #running = false;
  /** The last that may be said again without harm. */
  #last: Frame | undefined;

  constructor(push: (frames: Frame[]) => Promise<void>, failed: (error: unknown) => void) {
    this.#push = push;
    this.#failed = failed;
  }

  readonly send = (frame: Frame): void => {
    if (frame.frame.case === "batchAck") this.#last = frame;
    this.#waiting.push(frame);
    if (!this.#running) void this.#run();
  };

  /** Says something that changes nothing, so that a session which is gone shows. */
  probe(): void {
    if (this.#last !== undefined && !this.#running) this.send(this.#last);
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
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

interface Watching {
  readonly world: World;
  readonly both: AbortSignal;
  readonly outgoing: Pushes;
}

/** Asks after a silence; what a failed Push says is thrown here, where the session is read. */
async function* watched(
  frames: AsyncIterable<Frame>,
  { world, both, outgoing }: Watching,
): AsyncGenerator<Frame, void, void> {
  let probing = world.timers.after(silenceMs, ask);
  function ask(): void {
    outgoing.probe();
    if (!both.aborted) probing = world.timers.after(silenceMs, ask);
  }
  try {
    for await (const frame of frames) {
      probing.cancel();
      probing = world.timers.after(silenceMs, ask);
      yield frame;
    }
  } catch (error) {
    throw both.aborted ? both.reason : error;
  } finally {
    probing.cancel();
  }
  both.throwIfAborted();
}
