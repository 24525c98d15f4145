import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse, Http2Session } from "node:http2";
import { constants } from "node:http2";
import type { World } from "@foedus/kernel/world.ts";
import { every } from "../every.ts";
import { bodyMs, firstByteMs, lookMs, stallMs } from "./limits.ts";

/** A request of either HTTP version, and what it is answered with. */
export type AnyRequest = IncomingMessage | Http2ServerRequest;
export type AnyResponse = ServerResponse | Http2ServerResponse;

/** A request under way, however it is served. */
export interface Exchange {
  /** Whether its body may go on for as long as it likes. */
  readonly streams: boolean;
  readonly startMs: number;
  /** When the reader last took all there was. */
  drainedMs: number;
  /** Whether all of the request is here. */
  readonly complete: boolean;
  /** Whether any of its body is. */
  readonly begun: boolean;
  /** Bytes that were written and not yet taken. */
  readonly waitingBytes: number;
  /** The HTTP/2 session it came in. */
  readonly session: Http2Session | undefined;
  /** Ends it; only the stream where others share the connection. */
  cut(): void;
}

/** The requests under way on one listener. */
export interface Exchanges {
  /** Takes a request in; `streams` when its body may go on for as long as it likes. */
  add(request: AnyRequest, response: AnyResponse, streams: boolean): void;
  /** Takes in what leaves by itself. */
  join(exchange: Exchange): void;
  leave(exchange: Exchange): void;
  count(): number;
  /** How many are under way in each HTTP/2 session. */
  bySession(): ReadonlyMap<Http2Session, number>;
  stop(): void;
}

/** Why the hub ended a request by itself. */
export type SlowReason = "no body" | "slow body" | "slow reader";

/** None yet; looks them over until it is stopped. */
export function openExchanges(world: World, slowNoted: (why: SlowReason) => void): Exchanges {
  const exchanges = new Set<Exchange>();
  const stop = every(world, lookMs, () => {
    const nowMs = world.clock.monotonic();
    for (const exchange of exchanges) {
      const why = slow(exchange, nowMs);
      if (why === undefined) continue;
      slowNoted(why);
      exchange.cut();
    }
  });
  return {
    add(request, response, streams) {
      const exchange = exchangeOf(request, response, streams, world.clock.monotonic());
      exchanges.add(exchange);
      response.once("close", () => exchanges.delete(exchange));
      response.on("drain", () => (exchange.drainedMs = world.clock.monotonic()));
    },
    join: (exchange) => void exchanges.add(exchange),
    leave: (exchange) => void exchanges.delete(exchange),
    count: () => exchanges.size,
    bySession: () => countBySession(exchanges),
    stop,
  };
}

function exchangeOf(
  request: AnyRequest,
  response: AnyResponse,
  streams: boolean,
  startMs: number,
): Exchange {
  return {
    streams,
    startMs,
    drainedMs: startMs,
    get complete() {
      return request.complete;
    },
    get begun() {
      return "stream" in request ? hasBegun(request.stream) : hasBegun(request);
    },
    get waitingBytes() {
      if ("stream" in response) return response.stream?.writableLength ?? 0;
      return response.socket?.writableLength ?? 0;
    },
    get session() {
      return "stream" in request ? request.stream.session : undefined;
    },
    cut() {
      if ("stream" in request) request.stream.close(constants.NGHTTP2_CANCEL);
      else response.destroy();
    },
  };
}

function countBySession(exchanges: ReadonlySet<Exchange>): Map<Http2Session, number> {
  const counts = new Map<Http2Session, number>();
  for (const { session } of exchanges) {
    if (session !== undefined) counts.set(session, (counts.get(session) ?? 0) + 1);
  }
  return counts;
}

function slow(exchange: Exchange, nowMs: number): SlowReason | undefined {
  const ageMs = nowMs - exchange.startMs;
  if (!exchange.streams && !exchange.complete) {
    if (!exchange.begun && ageMs > firstByteMs) return "no body";
    if (ageMs > bodyMs) return "slow body";
  }
  if (exchange.waitingBytes === 0) exchange.drainedMs = nowMs;
  return nowMs - exchange.drainedMs > stallMs ? "slow reader" : undefined;
}

/** Whether anything of it was read, or can be. */
export function hasBegun(readable: { readableDidRead: boolean; readableLength: number }): boolean {
  return readable.readableDidRead || readable.readableLength > 0;
}
