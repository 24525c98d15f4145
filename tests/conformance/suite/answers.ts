// The suite's service as it wants it: each method does what its first request says.
import { setTimeout as sleep } from "node:timers/promises";
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { ConnectError } from "@connectrpc/connect";
import type { Definition, Header, Suite, SuiteRequest, WantedError } from "./schema.ts";

type Init = MessageInitShape<DescMessage>;
type Seen = Readonly<Record<string, unknown>>;

/** What an answer is made from. */
interface Asked {
  readonly suite: Suite;
  readonly requests: readonly SuiteRequest[];
  readonly context: HandlerContext;
}

/** Carries the suite's service out. */
export function suiteAnswers(suite: Suite): Partial<ServiceImpl<Suite["service"]>> {
  const unary = (request: SuiteRequest, context: HandlerContext) =>
    answerOnce({ suite, requests: [request], context });
  const methods = {
    unary,
    idempotentUnary: unary,
    async clientStream(requests: AsyncIterable<SuiteRequest>, context: HandlerContext) {
      const all: SuiteRequest[] = [];
      for await (const request of requests) all.push(request);
      return await answerOnce({ suite, requests: all, context });
    },
    serverStream: (request: SuiteRequest, context: HandlerContext) =>
      answerMany({ suite, requests: [request], context }),
    bidiStream: (requests: AsyncIterable<SuiteRequest>, context: HandlerContext) =>
      answerBoth(suite, requests, context),
  };
  // Typed by what the suite says of them, which no compiler has read.
  return methods as unknown as Partial<ServiceImpl<Suite["service"]>>;
}

async function answerOnce(asked: Asked): Promise<Init> {
  const requestInfo = seenIn(asked);
  const wish = asked.requests[0]?.responseDefinition;
  if (wish === undefined) return { payload: { requestInfo } };
  begin(wish, asked.context);
  await sleep(wish.responseDelayMs);
  const { response } = wish;
  if (response?.case === "error") {
    throw errorOf(asked.suite, response.value as WantedError, requestInfo);
  }
  const answer = response?.case === "responseData" ? { data: response.value } : {};
  return { payload: { ...answer, requestInfo } };
}

async function* answerMany(asked: Asked): AsyncGenerator<Init> {
  const wish = asked.requests[0]?.responseDefinition;
  if (wish === undefined) return;
  begin(wish, asked.context);
  yield* theRest(asked, wish, 0);
}

async function* answerBoth(
  suite: Suite,
  incoming: AsyncIterable<SuiteRequest>,
  context: HandlerContext,
): AsyncGenerator<Init> {
  let first: SuiteRequest | undefined;
  let told = 0;
  let requests: SuiteRequest[] = [];
  for await (const request of incoming) {
    requests.push(request);
    if (first === undefined) {
      first = request;
      if (first.responseDefinition !== undefined) begin(first.responseDefinition, context);
    }
    if (first.fullDuplex !== true) continue;
    const data = first.responseDefinition?.responseData?.[told];
    if (data === undefined) break;
    const requestInfo = told === 0 ? seenIn({ suite, requests, context }) : packed(suite, requests);
    await sleep(first.responseDefinition?.responseDelayMs ?? 0);
    yield { payload: { data, requestInfo } };
    told += 1;
    requests = [];
  }
  const wish = first?.responseDefinition;
  if (wish !== undefined) yield* theRest({ suite, requests, context }, wish, told);
}

/** What was not yet answered; the first answer of all says what was asked. */
async function* theRest(asked: Asked, wish: Definition, told: number): AsyncGenerator<Init> {
  const requestInfo = told === 0 ? seenIn(asked) : undefined;
  const data = wish.responseData ?? [];
  for (const [at, one] of data.slice(told).entries()) {
    await sleep(wish.responseDelayMs);
    yield { payload: { data: one, ...(at === 0 && requestInfo ? { requestInfo } : {}) } };
  }
  if (wish.error === undefined) return;
  throw errorOf(asked.suite, wish.error, data.length === 0 ? requestInfo : undefined);
}

function begin(wish: Definition, { responseHeader, responseTrailer }: HandlerContext): void {
  append(responseHeader, wish.responseHeaders);
  append(responseTrailer, wish.responseTrailers);
}

function append(to: Headers, headers: readonly Header[]): void {
  for (const { name, value } of headers) for (const one of value) to.append(name, one);
}

function seenIn({ suite, requests, context }: Asked): Seen {
  const timeoutMs = context.timeoutMs();
  const listed = (pairs: Iterable<[string, string]>) =>
    [...pairs].map(([name, value]) => ({ name, value: [value] }));
  const isGet = context.requestMethod === "GET";
  const queryParams = isGet ? listed(new URL(context.url).searchParams) : [];
  return {
    ...packed(suite, requests),
    requestHeaders: listed(context.requestHeader),
    ...(timeoutMs === undefined ? {} : { timeoutMs: BigInt(Math.round(timeoutMs)) }),
    ...(isGet ? { connectGetInfo: { queryParams } } : {}),
  };
}

function packed({ service }: Suite, requests: readonly SuiteRequest[]): Seen {
  const inputs = new Map(service.methods.map(({ input }) => [input.typeName, input]));
  const all = requests.map((request) => {
    const desc = inputs.get(request.$typeName);
    if (desc === undefined) throw new Error(`${request.$typeName} is unknown`);
    return anyPack(desc, request);
  });
  return { requests: all };
}

function errorOf(suite: Suite, wanted: WantedError, seen: Seen | undefined): ConnectError {
  const error = new ConnectError(wanted.message ?? "", wanted.code);
  error.details = wanted.details.map(({ typeUrl, value }) => {
    return { type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1), value };
  });
  if (seen === undefined) return error;
  const name = "ConformancePayload.RequestInfo";
  const type = suite.message(name).typeName;
  error.details.push({ type, value: suite.write(name, seen) });
  return error;
}
