import type { ClientHttp2Session } from "node:http2";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { Code } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { LinkCountsSchema } from "@foedus/gen/foedus/link/v1/link_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import { errorOf } from "../error.wire.ts";
import type { Traffic } from "../wire/traffic.ts";
import { trafficOf } from "../wire/traffic.ts";
import { Breaker } from "./breaker.ts";
import { Trips } from "./trips.ts";

/** Counts what passes over a node's link, since the node was opened. */
export class Meter {
  readonly breaker: Breaker;
  readonly trips = new Trips();
  #sent = 0;
  #received = 0;
  #errors = 0;
  #reached = 0;
  #past: Traffic = { sent: 0, received: 0 };
  readonly #present = new Set<() => Traffic>();

  constructor(world: World) {
    this.breaker = new Breaker(world);
  }

  /** The hub was reached, at first or anew. */
  reached(): void {
    this.#reached += 1;
    this.breaker.trying();
  }

  /** The hub could not be reached; it is tried again then. */
  missed(againMs: number): void {
    this.#errors += 1;
    this.breaker.failed(againMs);
  }

  /** A connection carries the link; those before it stay counted. */
  carries(session: ClientHttp2Session): void {
    const traffic = trafficOf(session);
    this.#present.add(traffic);
    session.once("close", () => {
      if (this.#present.delete(traffic)) this.#past = sum(this.#past, traffic());
    });
  }

  /** As the hub is told. */
  counts(): MessageInitShape<typeof LinkCountsSchema> {
    const bytes = [...this.#present].reduce((all, one) => sum(all, one()), this.#past);
    return {
      messagesSent: BigInt(this.#sent),
      messagesReceived: BigInt(this.#received),
      bytesSent: BigInt(bytes.sent),
      bytesReceived: BigInt(bytes.received),
      errors: BigInt(this.#errors),
      consecutiveFailures: this.breaker.failures,
      breakerOpens: this.breaker.opens,
      heals: Math.max(0, this.#reached - 1),
    };
  }

  /** Counts calls; `ready` waits for what a call goes over, so that it counts once it goes. */
  counting(ready: (signal: AbortSignal) => Promise<unknown>): Interceptor {
    return (next) => async (request) => {
      try {
        if (!request.stream) {
          await ready(request.signal);
          this.#sent += 1;
          const response = await next(request);
          this.#heard();
          return response;
        }
        const message = this.#told(request.message);
        const response = await next({ ...request, message });
        if (!response.stream) return response;
        return { ...response, message: this.#heardOf(response.message, request.signal) };
      } catch (thrown) {
        this.#failed(thrown, request.signal);
        throw thrown;
      }
    };
  }

  #heard(): void {
    this.#received += 1;
    this.breaker.succeeded();
  }

  async *#told<T>(messages: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const message of messages) {
      this.#sent += 1;
      yield message;
    }
  }

  async *#heardOf<T>(messages: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
    try {
      for await (const message of messages) {
        this.#heard();
        yield message;
      }
    } catch (thrown) {
      this.#failed(thrown, signal);
      throw thrown;
    }
  }

  /** A refusal is an answer: the link did its part. Whoever gives up says nothing of the link. */
  #failed(thrown: unknown, signal: AbortSignal): void {
    const error = errorOf(thrown);
    if (error.code !== Code.DeadlineExceeded) {
      if (signal.aborted) return this.breaker.abandoned();
      if (error.reason !== Reason.HUB_UNREACHABLE) return this.#heard();
    }
    this.#errors += 1;
    this.breaker.failed();
  }
}

function sum(one: Traffic, other: Traffic): Traffic {
  return { sent: one.sent + other.sent, received: one.received + other.received };
}
