// Makes one call as the suite wants it made, and notes what came of it.
import { setTimeout as sleep } from "node:timers/promises";
import type { DescMethod, Message } from "@bufbuild/protobuf";
import { fromBinary } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { CallOptions, Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import type { Header, Suite } from "./schema.ts";

/** How a call is to be made. */
export interface Wished {
  readonly method?: string;
  readonly streamType: number;
  readonly requestHeaders: readonly Header[];
  readonly requestMessages: readonly Any[];
  readonly requestDelayMs: number;
  readonly timeoutMs?: number;
  readonly cancel?: { readonly cancelTiming: { readonly case?: string; readonly value?: unknown } };
}

/** What came of it. */
export interface Outcome {
  readonly header: Headers | undefined;
  readonly trailer: Headers | undefined;
  readonly payloads: readonly Message[];
  readonly error: unknown;
  /** Messages that were never sent. */
  readonly unsent: number;
}

/** A call under way. */
interface Run {
  readonly wished: Wished;
  readonly inputs: readonly Message[];
  readonly stop: AbortController;
  readonly payloads: Message[];
  header: Headers | undefined;
  trailer: Headers | undefined;
  unsent: number;
  error: unknown;
  /** Settled with the next message that comes, or with the end. */
  next: PromiseWithResolvers<void>;
  over: boolean;
}

type Answer = Message & { readonly payload?: Message };
type AnyCall = (input: unknown, options: CallOptions) => Promise<Answer> | AsyncIterable<Answer>;

/** Of `StreamType`: each message waits for the answer to the one before. */
const fullDuplex = 5;

/** Makes the call with a client of ours over that transport. */
export async function place(suite: Suite, over: Transport, wished: Wished): Promise<Outcome> {
  const method = suite.service.methods.find(({ name }) => name === wished.method);
  if (method === undefined) throw new Error(`there is no method ${wished.method}`);
  const clients = createClient(suite.service, over) as unknown as Record<string, AnyCall>;
  const call = clients[method.localName];
  if (call === undefined) throw new Error(`the client has no ${method.localName}`);
  const run = begin(wished, method);
  const options = {
    headers: headersOf(wished),
    timeoutMs: wished.timeoutMs,
    signal: run.stop.signal,
    onHeader: (header: Headers) => void (run.header = header),
    onTrailer: (trailer: Headers) => void (run.trailer = trailer),
  };
  try {
    const streams = ["client_streaming", "bidi_streaming"].includes(method.methodKind);
    const answer = call(streams ? sending(run) : run.inputs[0], options);
    if (!streams) closed(run);
    await hear(run, answer);
  } catch (error) {
    run.error = error;
  } finally {
    run.over = true;
    run.next.resolve();
  }
  return run;
}

function begin(wished: Wished, { input }: DescMethod): Run {
  return {
    wished,
    inputs: wished.requestMessages.map(({ value }) => fromBinary(input, value)),
    stop: new AbortController(),
    payloads: [],
    header: undefined,
    trailer: undefined,
    unsent: 0,
    error: undefined,
    next: Promise.withResolvers(),
    over: false,
  };
}

function headersOf({ requestHeaders }: Wished): Headers {
  const headers = new Headers();
  for (const { name, value } of requestHeaders) for (const one of value) headers.append(name, one);
  return headers;
}

async function* sending(run: Run): AsyncGenerator<Message> {
  const { wished, inputs, payloads } = run;
  run.unsent = inputs.length;
  for (const [at, input] of inputs.entries()) {
    await sleep(wished.requestDelayMs);
    run.unsent -= 1;
    yield input;
    const waits = () => wished.streamType === fullDuplex && payloads.length <= at && !run.over;
    while (waits()) await run.next.promise;
  }
  if (wished.cancel?.cancelTiming.case === "beforeCloseSend") run.stop.abort();
  else closed(run);
}

/** Everything was sent. */
function closed({ wished, stop }: Run): void {
  const timing = wished.cancel?.cancelTiming;
  if (timing?.case === "afterCloseSendMs") setTimeout(() => stop.abort(), Number(timing.value));
}

async function hear(run: Run, answer: ReturnType<AnyCall>): Promise<void> {
  if (answer instanceof Promise) return take(run, await answer);
  for await (const one of answer) take(run, one);
}

function take(run: Run, { payload }: Answer): void {
  const { payloads, wished, stop } = run;
  // A message without one counts as an empty one.
  payloads.push(payload ?? ({} as Message));
  const timing = wished.cancel?.cancelTiming;
  if (timing?.case === "afterNumResponses" && payloads.length === timing.value) stop.abort();
  run.next.resolve();
  run.next = Promise.withResolvers();
}
