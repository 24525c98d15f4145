import { create } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import {
  SessionRequestSchema,
  type SessionRequest,
  type SyncService,
} from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { Carrier } from "./carrier.ts";
import { heard } from "./carrier.heard.ts";

/** One stream in both directions: HTTP/2, and so Node. */
export function duplexCarrier(client: Client<typeof SyncService>): Carrier {
  return {
    async open(opening, signal) {
      const said = new Outgoing(signal);
      said.push(create(SessionRequestSchema, { said: { case: "open", value: opening } }));
      const answers = client.session(said, { signal });
      const { opened, frames } = await heard(answers);
      const send = (frame: Frame) => {
        said.push(create(SessionRequestSchema, { said: { case: "frame", value: frame } }));
      };
      return { opened, frames, send };
    },
  };
}

/** Not bounded by itself: a replica has one push of a stream under way, and acknowledges. */
class Outgoing implements AsyncIterable<SessionRequest> {
  readonly #items: SessionRequest[] = [];
  readonly #signal: AbortSignal;
  #wake = () => {};

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#wake(), { once: true });
  }

  push(item: SessionRequest): void {
    this.#items.push(item);
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SessionRequest> {
    while (!this.#signal.aborted) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
