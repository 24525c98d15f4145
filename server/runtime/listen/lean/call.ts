import { Code, ConnectError } from "@connectrpc/connect";
import type {
  Http2Session,
  IncomingHttpHeaders,
  OutgoingHttpHeaders,
  ServerHttp2Stream,
} from "node:http2";
import { constants } from "node:http2";
import type { Timer, World } from "@foedus/kernel/world.ts";
import { Ending } from "../../ending.ts";
import type { Exchange } from "../exchanges.ts";
import { hasBegun } from "../exchanges.ts";
import { LeanContext } from "./context.ts";
import type { Format } from "./formats.ts";
import { timeoutOf } from "./formats.ts";
import type { LeanMethod } from "./methods.ts";

/** Takes the body of a call as it arrives. */
export interface Taker {
  take(chunk: Buffer): void;
  end(): void;
  fail(error: unknown): void;
}

const carried = Symbol("call");

interface Carrier extends ServerHttp2Stream {
  [carried]?: LeanCall;
}

/** Why a call ends whose caller has gone: shared, since a stack for each would say nothing. */
const gone = Object.assign(new Error("the caller has gone"), { name: "AbortError" });
const over = Object.assign(new Error("the call is over"), { name: "AbortError" });

/** Longer than that no timer runs: it would ring at once. */
const timerMsMax = 2_147_483_647;

/** What a call is made from. */
export interface CallParts {
  readonly stream: ServerHttp2Stream;
  readonly head: IncomingHttpHeaders;
  readonly format: Format;
  readonly method: LeanMethod;
  /** Whether its body may go on for as long as it likes. */
  readonly streams: boolean;
  readonly world: World;
}

/**
 * One call on its stream, from the first header to the close. The listeners are shared by all
 * calls and find theirs on the stream: closures for each would be most of what an idle one costs.
 */
export class LeanCall implements Exchange {
  readonly stream: ServerHttp2Stream;
  readonly head: IncomingHttpHeaders;
  readonly format: Format;
  readonly method: LeanMethod;
  readonly streams: boolean;
  readonly world: World;
  readonly context: LeanContext;
  readonly startMs: number;
  drainedMs: number;
  /** What is wrong with the time that the caller gives; told once the guards have looked. */
  readonly timeoutError: ConnectError | undefined;
  /** What stands after the answer. */
  trailers: OutgoingHttpHeaders = {};
  readonly ending = new Ending();
  #timer: Timer | undefined;
  /** What the body is read by; undefined until somebody reads it. */
  #taker: Taker | undefined;
  #bodyEnded = false;
  #answered = false;
  #wake: (() => void) | undefined;

  constructor({ stream, head, format, method, streams, world }: CallParts) {
    const { timeoutMs, error } = timeoutOf(head, format);
    const { clock } = world;
    this.stream = stream;
    this.head = head;
    this.format = format;
    this.method = method;
    this.streams = streams;
    this.world = world;
    this.timeoutError = error;
    this.startMs = this.drainedMs = clock.monotonic();
    const rpc = method.served.rpc.method;
    this.context = new LeanContext({
      method: rpc,
      format,
      head,
      ending: this.ending,
      timeoutMs,
      clock,
    });
    (stream as Carrier)[carried] = this;
    stream.on("error", ignore);
    stream.on("aborted", leave);
    if (timeoutMs !== undefined) this.#endIn(timeoutMs);
  }

  /** Whether there is nobody to answer any more. */
  get isGone(): boolean {
    return this.stream.destroyed || this.stream.closed;
  }

  get complete(): boolean {
    return this.#bodyEnded || this.stream.readableEnded || this.stream.destroyed;
  }

  get begun(): boolean {
    return hasBegun(this.stream);
  }

  get session(): Http2Session | undefined {
    return this.stream.session;
  }

  get waitingBytes(): number {
    return this.stream.writableLength;
  }

  cut(): void {
    if (this.stream.closed) this.stream.destroy();
    else this.stream.close(constants.NGHTTP2_CANCEL);
  }

  /** Reads the body from now on. */
  read(taker: Taker): void {
    this.#taker = taker;
    // A guard may have taken its time: whoever reads must not wait for what will never come.
    if (this.ending.ended) taker.fail(this.ending.reason);
    this.stream.on("data", takeChunk);
    this.stream.on("end", takeEnd);
    // The end of a body in which nothing is does not wait to be heard.
    if (this.stream.readableEnded) this.endBody();
  }

  /** All that is wanted of the body was read: what read it is kept no longer than that. */
  stopReading(): void {
    this.#taker = undefined;
  }

  take(chunk: Buffer): void {
    if (!this.#answered) this.#taker?.take(chunk);
  }

  endBody(): void {
    this.#bodyEnded = true;
    this.#taker?.end();
  }

  /** Resolves once what waits to be taken was taken, or nobody takes it any more. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.stream.once("drain", drain);
    });
  }

  wake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  /** The answer is on its way as a whole: what still holds on to the call may let go. */
  finish(): void {
    this.#answered = true;
    this.#release(over);
    // What still comes goes to nobody: a stream that stands still with bytes in it never closes.
    this.stream.resume();
  }

  /** The stream is gone; whoever still works for the call is told. */
  close(): void {
    this.#release(gone);
    this.wake();
  }

  #release(why: Error): void {
    this.#timer?.cancel();
    this.ending.end(why);
    this.#taker?.fail(why);
  }

  #endIn(timeoutMs: number): void {
    const late = () => {
      const error = new ConnectError("the operation timed out", Code.DeadlineExceeded);
      this.ending.end(error);
      this.#taker?.fail(error);
    };
    if (timeoutMs <= 0) late();
    else this.#timer = this.world.timers.after(Math.min(timeoutMs, timerMsMax), late);
  }
}

/** The call of a stream. */
export function callOn(stream: ServerHttp2Stream): LeanCall | undefined {
  return (stream as Carrier)[carried];
}

function ignore(): void {
  // Whatever went wrong with a stream also closes it, and that is heard.
}

/**
 * It was reset: by us, which is not out yet, or by the client. The close waits for what came
 * before, which nobody reads any more, and for what was written, which nobody takes.
 */
function leave(this: ServerHttp2Stream): void {
  const call = callOn(this);
  call?.close();
  this.resume();
  call?.world.timers.after(0, () => this.destroy());
}

function takeChunk(this: ServerHttp2Stream, chunk: Buffer): void {
  callOn(this)?.take(chunk);
}

function takeEnd(this: ServerHttp2Stream): void {
  callOn(this)?.endBody();
}

function drain(this: ServerHttp2Stream): void {
  const call = callOn(this);
  if (call === undefined) return;
  call.drainedMs = call.world.clock.monotonic();
  call.wake();
}
