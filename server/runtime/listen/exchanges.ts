import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse, Http2Session } from "node:http2";
import { constants } from "node:http2";
import type { World } from "@foedus/kernel/world.ts";
import { every } from "../every.ts";
import { bodyMs, firstByteMs, lookMs, stallMs } from "./limits.ts";

/** A request of either HTTP version, and what it is answered with. */
export type AnyRequest = IncomingMessage | Http2ServerRequest;
export type AnyResponse = ServerResponse | Http2ServerResponse;

/** The requests under way on one listener. */
export interface Exchanges {
  /** Takes a request in; `streams` when its body may go on for as long as it likes. */
  add(request: AnyRequest, response: AnyResponse, streams: boolean): void;
  count(): number;
  /** How many are under way in each HTTP/2 session. */
  bySession(): ReadonlyMap<Http2Session, number>;
  stop(): void;
}

/** Why the hub ended a request by itself. */
export type SlowReason = "no body" | "slow body" | "slow reader";

interface Exchange {
  readonly request: AnyRequest;
  readonly response: AnyResponse;
  readonly streams: boolean;
  readonly startMs: number;
  /** When the reader last took all there was. */
  drainedMs: number;
}

/** None yet; looks them over until it is stopped. */
export function openExchanges(world: World, slowNoted: (why: SlowReason) => void): Exchanges {
  const exchanges = new Set<Exchange>();
  const stop = every(world, lookMs, () => {
    const nowMs = world.clock.monotonic();
    for (const exchange of exchanges) {
      const why = slow(exchange, nowMs);
      if (why === undefined) continue;
      slowNoted(why);
      end(exchange);
    }
  });
  return {
    add(request, response, streams) {
      const startMs = world.clock.monotonic();
      const exchange = { request, response, streams, startMs, drainedMs: startMs };
      exchanges.add(exchange);
      response.once("close", () => exchanges.delete(exchange));
      response.on("drain", () => (exchange.drainedMs = world.clock.monotonic()));
    },
    count: () => exchanges.size,
    bySession: () => countBySession(exchanges),
    stop,
  };
}

function countBySession(exchanges: ReadonlySet<Exchange>): Map<Http2Session, number> {
  const counts = new Map<Http2Session, number>();
  for (const { request } of exchanges) {
    const session = "stream" in request ? request.stream.session : undefined;
    if (session !== undefined) counts.set(session, (counts.get(session) ?? 0) + 1);
  }
  return counts;
}

function slow(exchange: Exchange, nowMs: number): SlowReason | undefined {
  const { request, response, streams, startMs } = exchange;
  const ageMs = nowMs - startMs;
  if (!streams && !request.complete) {
    const begun = "stream" in request ? hasBegun(request.stream) : hasBegun(request);
    if (!begun && ageMs > firstByteMs) return "no body";
    if (ageMs > bodyMs) return "slow body";
  }
  if (waiting(response) === 0) exchange.drainedMs = nowMs;
  return nowMs - exchange.drainedMs > stallMs ? "slow reader" : undefined;
}

function hasBegun(readable: { readableDidRead: boolean; readableLength: number }): boolean {
  return readable.readableDidRead || readable.readableLength > 0;
}

/** Bytes that were written and not yet taken. */
function waiting(response: AnyResponse): number {
  if ("stream" in response) return response.stream?.writableLength ?? 0;
  return response.socket?.writableLength ?? 0;
}

/** Only the stream goes where others share the connection. */
function end({ request, response }: Exchange): void {
  if ("stream" in request) request.stream.close(constants.NGHTTP2_CANCEL);
  else response.destroy();
}
