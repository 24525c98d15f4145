import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { NodeChain } from "@foedus/kernel/chain.ts";
import { takeRate, type RateState } from "@foedus/kernel/rate.ts";
import type { World } from "@foedus/kernel/world.ts";
import { orAborted } from "../../signals.ts";
import { readBody } from "./body.ts";
import { exchangeRate } from "./limits.ts";

/** Who answers what peers ask. */
export interface AnswerKit {
  readonly world: World;
  /** Answers the bytes of a request; throws for one that is refused, saying why. */
  readonly answer: (request: Uint8Array, who: NodeChain) => Promise<Uint8Array>;
}

/** What peers ask for. */
export const exchangePath = "/foedus.sync.v1.PeerService/Exchange";

/** What a peer is answered when it is not answered. */
export const statuses = { ok: 200, refused: 403, unknown: 404, tooMany: 429 } as const;

const requestMs = 15_000;
const callersMax = 1_024;

type Serve = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  who: NodeChain,
) => Promise<void>;

/** Serves streams of callers who proved which node they are, each at its own pace. */
export function openCounter({ world, answer }: AnswerKit): Serve {
  const rates = new Map<string, RateState>();

  function isTooSoon({ nodeId }: NodeChain): boolean {
    const state = rates.get(nodeId) ?? { dueMs: 0 };
    if (!rates.has(nodeId) && rates.size >= callersMax) rates.clear();
    rates.set(nodeId, state);
    return takeRate(state, exchangeRate, world.clock.monotonic()) > 0;
  }

  return async (stream, headers, who) => {
    stream.on("error", () => undefined);
    const stop = new AbortController();
    const timeout = world.timers.after(requestMs, () => stop.abort(new Error("it took too long")));
    try {
      if (isTooSoon(who)) {
        say(stream, statuses.tooMany, "it asks too often");
        // Streams that are opened to be thrown away end with their connection.
        stream.session?.close();
        return;
      }
      if (headers[":method"] !== "POST" || headers[":path"] !== exchangePath) {
        say(stream, statuses.unknown, "there is nothing here");
        return;
      }
      const request = await orAborted(readBody(stream), stop.signal);
      say(stream, statuses.ok, await orAborted(answer(request, who), stop.signal));
    } catch (error) {
      say(stream, statuses.refused, error instanceof Error ? error.message : "it is refused");
    } finally {
      timeout.cancel();
    }
  };
}

function say(stream: ServerHttp2Stream, status: number, body: Uint8Array | string): void {
  if (stream.destroyed || stream.headersSent) return;
  const kind = typeof body === "string" ? "text/plain; charset=utf-8" : "application/proto";
  stream.respond({ ":status": status, "content-type": kind });
  stream.end(body);
}
