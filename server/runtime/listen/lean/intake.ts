import { Code, ConnectError } from "@connectrpc/connect";
import { compressedFlag } from "@connectrpc/connect/protocol";
import type { ServerHttp2Stream } from "node:http2";
import { Frames } from "./frames.ts";
import { joined } from "./gathered.ts";

/** Bytes of messages that may wait to be read; beyond it the client waits. */
export const queuedBytesMax = 65_536;
const queuedBytesAgain = queuedBytesMax / 2;

/** What a message that waits costs besides its bytes. */
const waitingBytes = 128;

/** How the messages of a call are read. */
export interface Reading<T> {
  readonly bytesMax: number;
  /** The flag of an envelope that is no message. */
  readonly endFlag: number;
  /** Whether a message may hold on to the bytes it was read from, and so needs its own. */
  readonly keepsBytes: boolean;
  parse(message: Uint8Array): T;
}

interface Waiter<T> {
  resolve(step: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

/** The messages of a call, in the order they came; each is parsed when its turn has come. */
export class Intake<T> implements AsyncIterableIterator<T, undefined, undefined> {
  readonly #stream: ServerHttp2Stream;
  readonly #reading: Reading<T>;
  readonly #frames: Frames;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #waiters: Waiter<T>[] = [];
  #over: { readonly error?: unknown } | undefined;

  constructor(stream: ServerHttp2Stream, reading: Reading<T>) {
    this.#stream = stream;
    this.#reading = reading;
    this.#frames = new Frames(reading.bytesMax);
  }

  /** Takes what arrived. */
  take(chunk: Buffer): void {
    if (this.#over !== undefined) return;
    try {
      this.#frames.take(chunk, this.#note);
    } catch (error) {
      this.fail(error);
    }
    if (this.#queuedBytes > queuedBytesMax) this.#stream.pause();
  }

  /** Nothing more arrives. */
  end(): void {
    const text = "protocol error: incomplete envelope";
    if (this.#frames.isTorn) this.fail(new ConnectError(text, Code.InvalidArgument));
    else this.#finish({});
  }

  /** Nothing more is read; what came before it still is. */
  fail(error: unknown): void {
    this.#finish({ error });
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const message = this.#queue.shift();
    if (message !== undefined) return this.#parsed(message);
    if (this.#over === undefined) {
      return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
    }
    if ("error" in this.#over) return Promise.reject(this.#over.error);
    return Promise.resolve(end);
  }

  /** Whoever read wants no more: the client is left to wait, until the answer ends. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#queue = [];
    this.#finish({});
    this.#stream.pause();
    return Promise.resolve(end);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #note = (flags: number, message: Uint8Array): void => {
    const { endFlag, keepsBytes } = this.#reading;
    if (this.#over !== undefined) return;
    if ((flags & compressedFlag) !== 0) throw new ConnectError(compressedText, Code.Internal);
    if (endFlag !== 0 && (flags & endFlag) === endFlag) return;
    const own = keepsBytes
      ? joined([message], message.length)
      : new Uint8Array(message.buffer, message.byteOffset, message.length);
    const waiter = this.#waiters.shift();
    if (waiter === undefined) {
      this.#queue.push(own);
      this.#queuedBytes += own.length + waitingBytes;
    } else {
      try {
        waiter.resolve({ done: false, value: this.#reading.parse(own) });
      } catch (error) {
        waiter.reject(error);
      }
    }
  };

  #parsed(message: Uint8Array): Promise<IteratorResult<T, undefined>> {
    const was = this.#queuedBytes;
    this.#queuedBytes -= message.length + waitingBytes;
    if (was > queuedBytesAgain && this.#queuedBytes <= queuedBytesAgain) this.#resume();
    try {
      return Promise.resolve({ done: false, value: this.#reading.parse(message) });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #resume(): void {
    if (this.#over === undefined && this.#stream.isPaused()) this.#stream.resume();
  }

  #finish(over: { readonly error?: unknown }): void {
    if (this.#over !== undefined) return;
    this.#over = over;
    for (const waiter of this.#waiters) {
      if ("error" in over) waiter.reject(over.error);
      else waiter.resolve(end);
    }
    this.#waiters = [];
  }
}

const end = { done: true, value: undefined } as const;
const compressedText = "received compressed envelope, but do not know how to decompress";
