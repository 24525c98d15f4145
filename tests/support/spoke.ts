// A replica without a disk, over the real wire: the core of the SDK without an SDK around it.
import { create } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import { Kind, StreamSchema, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import {
  SessionRequestSchema,
  type SessionRequest,
  type SyncService,
} from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { Opened } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { seenCell } from "@foedus/kernel/sync/hold.ts";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import { cellKey, opOf } from "@foedus/kernel/sync/op.ts";
import { packed, unpacked } from "@foedus/kernel/sync/pack.ts";
import { newReplica } from "@foedus/kernel/sync/replica.ts";
import { soundRules as rules } from "@foedus/kernel/sync/rules.ts";
import { stepSpoke } from "@foedus/kernel/sync/spoke.ts";
import { newSpoke, type SpokeEvent } from "@foedus/kernel/sync/spoke.state.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";

/** A stream of a test. */
export function streamOf(
  collection: string,
  rest: Partial<Pick<Stream, "zone" | "lane">> = {},
): Stream {
  return create(StreamSchema, { collection, zone: "world", lane: 1, ...rest });
}

/** What of a session a test may say otherwise. */
export interface Said {
  readonly protocolMin?: number;
  readonly replica?: string;
  readonly relays?: boolean;
}

/** A replica of a test. */
export class TestSpoke {
  readonly replica = newReplica(realWorld);
  readonly state;
  readonly heard: Frame[] = [];
  readonly #out: (SessionRequest | undefined)[] = [];
  #wake: (() => void) | undefined;
  /** The hub it connects to next. */
  home: Client<typeof SyncService>;
  #stop = new AbortController();
  /** How its session ended: undefined for without an error. */
  ended: Promise<unknown> = Promise.resolve(undefined);

  constructor(client: Client<typeof SyncService>, zones: readonly string[] = ["world"]) {
    this.home = client;
    const start = { replica: this.replica, tenant: "main", zones, rules, limits };
    this.state = newSpoke({ ...start, holds: new Map() });
  }

  /** Begins a session; resolves once the hub has answered, rejects with how it refused. */
  async connect(said: Said = {}): Promise<Opened> {
    this.#stop = new AbortController();
    this.#out.length = 0;
    const { replica } = this;
    const open = { protocolMin: 1, protocolMax: 9, replica, ...said };
    this.#put(create(SessionRequestSchema, { said: { case: "open", value: open } }));
    const opened = Promise.withResolvers<Opened>();
    this.ended = this.#hear(opened.resolve).then(
      () => undefined,
      (error: unknown) => {
        opened.reject(error);
        return error;
      },
    );
    return await opened.promise;
  }

  leave(): void {
    this.#stop.abort();
  }

  follow(stream: Stream): void {
    this.run({ type: "subscribe", stream });
  }

  put(stream: Stream, record: string, text: string): void {
    const body = new TextEncoder().encode(text);
    this.run({ type: "write", stream, wish: { kind: Kind.REG_LWW, record, body } });
  }

  add(stream: Stream, record: string, amount: number): void {
    this.run({ type: "write", stream, wish: { kind: Kind.COUNTER, record, amount } });
  }

  /** The values of a record, as its reader sees them. */
  values(stream: Stream, record: string): string[] {
    return (this.#seen(stream, record)?.siblings ?? []).map(({ op }) =>
      new TextDecoder().decode(opOf(op).body),
    );
  }

  sum(stream: Stream, record: string): number {
    return Number(this.#seen(stream, record)?.sum ?? 0n);
  }

  hold(stream: Stream) {
    const hold = this.state.holds.get(rules.keyOf("main", stream));
    if (hold === undefined) throw new Error("it does not follow the stream");
    return hold;
  }

  /** Says a frame that its core would not say. */
  say(frame: Frame): void {
    this.#put(create(SessionRequestSchema, { said: { case: "frame", value: packed(frame) } }));
  }

  run(event: SpokeEvent): void {
    for (const effect of stepSpoke(this.state, event, realWorld.clock.now())) {
      if (effect.type === "send") this.say(effect.frame);
      if (effect.type === "close") this.leave();
    }
  }

  async #hear(opened: (opened: Opened) => void): Promise<void> {
    let session = "";
    const { signal } = this.#stop;
    try {
      for await (const { said } of this.home.session(this.#said(), { signal })) {
        if (said.case === "opened") {
          session = said.value.sessionId;
          this.run({ type: "opened", session });
          opened(said.value);
        }
        if (said.case !== "frame") continue;
        const frame = unpacked(said.value);
        this.heard.push(frame);
        this.run({ type: "frame", session, frame });
      }
    } finally {
      this.#put(undefined);
      this.run({ type: "closed", session });
    }
  }

  async *#said(): AsyncGenerator<SessionRequest, void, void> {
    for (;;) {
      while (this.#out.length > 0) {
        const one = this.#out.shift();
        if (one === undefined) return;
        yield one;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #put(request: SessionRequest | undefined): void {
    this.#out.push(request);
    this.#wake?.();
  }

  #seen(stream: Stream, record: string) {
    return seenCell(this.hold(stream), cellKey({ record, field: "" }), rules.written);
  }
}
