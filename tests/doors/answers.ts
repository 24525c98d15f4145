// What the service of schema.ts does, and what it remembers of it.
import { once } from "node:events";
import { create } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { ConnectError } from "@connectrpc/connect";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Capability } from "../../server/runtime/capability.ts";
import { column } from "../support/column.ts";
import type { Ask, Flat, Told } from "./schema.ts";
import { DoorRpcs, FlatSchema, ToldSchema } from "./schema.ts";

/** What happened to the handlers of one hub. */
export interface Seen {
  /** Handlers that began and did not end. */
  open: number;
  /** Handlers that began, of each key. */
  readonly begun: Map<string, number>;
  /** How the handlers of each key ended, in order. */
  readonly ended: Map<string, string[]>;
  /** Messages that handlers took and told, of each key. */
  readonly taken: Map<string, number>;
  readonly told: Map<string, number>;
  /** Lets those that wait under that key go on, now and later. */
  release(key: string): void;
}

interface Own extends Seen {
  gate(key: string): PromiseWithResolvers<void>;
}

/** The service, mounted; and what it sees. */
export function openAnswers(): { readonly capability: Capability; readonly seen: Seen } {
  const seen = openSeen();
  return { capability: column(DoorRpcs, implement(seen)), seen };
}

function openSeen(): Own {
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gate = (key: string) => {
    const known = gates.get(key) ?? Promise.withResolvers<void>();
    gates.set(key, known);
    return known;
  };
  const maps = { begun: new Map(), ended: new Map(), taken: new Map(), told: new Map() };
  return { open: 0, ...maps, gate, release: (key) => gate(key).resolve() };
}

function implement(seen: Own): Partial<ServiceImpl<DoorRpcs>> {
  const unary = (ask: Ask, context: HandlerContext) =>
    noted(seen, ask.key, () => answer(seen, ask, context));
  return {
    once: unary,
    decide: unary,
    hidden: unary,
    open: async (ask, context) => {
      const flat = await unary(ask, context);
      return { text: flat.text, data: flat.data, count: flat.count, flat };
    },
    many: (ask, context) => tell(seen, ask, context),
    gather: (asks, context) => gather(seen, asks, context),
    both: (asks, context) => converse(seen, asks, context),
  };
}

async function noted<T>(seen: Own, key: string, work: () => Promise<T>): Promise<T> {
  begin(seen, key);
  let how = "returned";
  try {
    return await work();
  } catch (error) {
    how = howOf(error);
    throw error;
  } finally {
    end(seen, key, how);
  }
}

function begin(seen: Own, key: string): void {
  seen.open += 1;
  add(seen.begun, key);
}

function end(seen: Own, key: string, how: string): void {
  seen.open -= 1;
  seen.ended.set(key, [...(seen.ended.get(key) ?? []), how]);
}

function howOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Does what one request says, for the methods that answer once. */
async function answer(seen: Own, ask: Ask, context: HandlerContext): Promise<Flat> {
  const { text, data, count, big, size } = ask;
  const said = create(FlatSchema, { text, data, count, big, ratio: count / 3, on: count > 0 });
  await act(seen, ask, context);
  if (ask.act === "seen") return { ...said, text: JSON.stringify(viewOf(context)) };
  return size === 0 ? said : { ...said, data: new Uint8Array(size).fill(7) };
}

/** What a request may want done before it is answered. */
async function act(seen: Own, ask: Ask, context: HandlerContext): Promise<void> {
  const { signal } = context;
  switch (ask.act) {
    case "headers":
      return headers(context);
    case "fault":
      headers(context);
      throw new Fault(ask.count, { detail: ask.text, violation: ask.text, retry_ms: 7 });
    case "bug":
      throw new Error("a secret of the house");
    case "raw":
      throw new ConnectError(ask.text, ask.count, {
        "x-said": "by the error",
        "x-said-bin": "AAE",
      });
    case "wait":
      if (!signal.aborted) await once(signal, "abort");
      throw signal.reason;
    case "gate":
      return await seen.gate(ask.key).promise;
    default:
      return undefined;
  }
}

function headers({ responseHeader, responseTrailer }: HandlerContext): void {
  responseHeader.append("x-head", "one");
  responseHeader.append("x-head", "two");
  responseHeader.set("x-head-bin", "AAEC/w");
  responseTrailer.append("x-tail", "one");
  responseTrailer.append("x-tail", "two");
  responseTrailer.set("x-tail-bin", "/wIBAA");
}

/** All that a handler can read of its context, but for what differs between two hubs. */
function viewOf(context: HandlerContext): unknown {
  const { hostname, pathname, search, protocol } = new URL(context.url);
  const header = [...context.requestHeader].filter(([name]) => name !== "host");
  return {
    header: header.toSorted(([a], [b]) => (a < b ? -1 : 1)),
    url: [protocol, hostname, pathname, search],
    method: context.method.name,
    service: context.service.typeName,
    requestMethod: context.requestMethod,
    protocolName: context.protocolName,
    hasTimeout: context.timeoutMs() !== undefined,
    aborted: context.signal.aborted,
    response: [...context.responseHeader],
    trailer: [...context.responseTrailer].filter(([name]) => name !== "grpc-status"),
  };
}

/** Tells `count` answers, then does what else was asked. */
async function* tell(seen: Own, ask: Ask, context: HandlerContext): AsyncGenerator<Told> {
  begin(seen, ask.key);
  let how = "left";
  try {
    if (ask.act === "headers") headers(context);
    for (let n = 0; n < ask.count; n++) {
      const data = new Uint8Array(ask.size).fill(n);
      add(seen.told, ask.key);
      yield create(ToldSchema, { text: ask.text, count: n, data, words: ["a", "b"] });
    }
    await act(seen, { ...ask, count: Number(ask.big) }, context);
    how = "returned";
  } catch (error) {
    how = howOf(error);
    throw error;
  } finally {
    end(seen, ask.key, how);
  }
}

async function gather(seen: Own, asks: AsyncIterable<Ask>, context: HandlerContext): Promise<Flat> {
  let [bytes, count, key, last] = [0, 0, "", undefined as Ask | undefined];
  begin(seen, key);
  let how = "returned";
  try {
    for await (const ask of asks) {
      if (count === 0) key = rename(seen, ask.key);
      add(seen.taken, key);
      [bytes, count, last] = [bytes + ask.data.length, count + 1, ask];
      if (ask.act === "stop") break;
      await act(seen, ask, context);
    }
    return create(FlatSchema, { text: last?.text ?? "none", count, big: BigInt(bytes) });
  } catch (error) {
    how = howOf(error);
    throw error;
  } finally {
    end(seen, key, how);
  }
}

/** A handler of a stream learns its key only from its first message. */
function rename(seen: Own, key: string): string {
  const unnamed = (seen.begun.get("") ?? 1) - 1;
  seen.begun.set("", unnamed);
  add(seen.begun, key);
  return key;
}

/** Answers each request as it comes, and says at the end how many there were. */
async function* converse(
  seen: Own,
  asks: AsyncIterable<Ask>,
  context: HandlerContext,
): AsyncGenerator<Told> {
  let [count, key, how] = [0, "", "left"];
  begin(seen, key);
  try {
    for await (const ask of asks) {
      if (count === 0) key = rename(seen, ask.key);
      add(seen.taken, key);
      count += 1;
      await act(seen, { ...ask, count: Number(ask.big) }, context);
      for (let n = 0; n < Math.max(1, ask.count); n++) {
        const data = ask.size === 0 ? ask.data : new Uint8Array(ask.size);
        add(seen.told, key);
        yield create(ToldSchema, { text: ask.text, data, count });
      }
      if (ask.act === "stop") break;
    }
    yield create(ToldSchema, { text: "end", count });
    how = "returned";
  } catch (error) {
    how = howOf(error);
    throw error;
  } finally {
    end(seen, key, how);
  }
}
