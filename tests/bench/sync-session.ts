// A session of sync over plain node:http2, as cheap as a client can be: it keeps nothing.
import type { IncomingHttpHeaders } from "node:http";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import type { Frame, FrameSchema } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, StreamSchema, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import {
  SessionRequestSchema,
  SessionResponseSchema,
} from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { encodeOp } from "@foedus/kernel/sync/op.ts";
import { newReplica } from "@foedus/kernel/sync/replica.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { enveloped, protocols } from "./drive.ts";

const path = "/foedus.sync.v1.SyncService/Session";
const envelopeBytes = 5;
const creditBytes = 262_144;
const protocol = 1;

type Said = MessageInitShape<typeof FrameSchema>["frame"];

/** A stream of these benches. */
export function benchStream(collection: string): Stream {
  return create(StreamSchema, { collection, zone: "world", lane: 1 });
}

/** Ops that each write a record of their own kind of name, with a body of so many bytes. */
export function opsOf(from: number, count: number, bodyBytes: number): Uint8Array[] {
  const body = new Uint8Array(bodyBytes).fill(bodyFill);
  const hlcMs = realWorld.clock.now();
  return Array.from({ length: count }, (_, at) =>
    encodeOp({ kind: Kind.REG_LWW, record: `r${(from + at) % recordsMax}`, hlcMs, body }),
  );
}

const bodyFill = 7;
/** A register that is written again holds a value more, unless the op supersedes the one before. */
const recordsMax = 1_000_000_000;

/** One session of a replica, or of one who only reads. */
export class BenchSession {
  readonly replica: string;
  /** Ops that came, and bytes of frames. */
  readonly came = { ops: 0, frames: 0 };
  readonly #stream: Stream;
  readonly #http: ClientHttp2Stream;
  readonly #hear: (frame: Frame) => void;
  readonly #waits = new Set<{ holds: () => boolean; go: () => void }>();
  #rest: Buffer = Buffer.alloc(0);
  #ctr = 0;
  #ackedCtr = 0;
  #error: Error | undefined;
  #isResumed = false;

  constructor(
    session: ClientHttp2Session,
    stream: Stream,
    options: {
      readonly readOnly?: boolean;
      /** The key it writes with; a new one unless it is told. */
      readonly replica?: string;
      readonly hear?: (frame: Frame) => void;
    } = {},
  ) {
    this.#stream = stream;
    this.#hear = options.hear ?? (() => undefined);
    this.replica = options.readOnly === true ? "" : (options.replica ?? newReplica(realWorld));
    this.#http = session.request({ ...protocols.grpc, ":method": "POST", ":path": path });
    this.#http.on("data", (part: Buffer) => this.#take(part));
    this.#http.on("error", (error: Error) => this.#end(error));
    this.#http.on("trailers", (trailers: IncomingHttpHeaders) => {
      const { "grpc-status": status, "grpc-message": message } = trailers;
      this.#end(new Error(`the session ended: ${String(status)} ${String(message)}`));
    });
    const { replica } = this;
    const open = { protocolMin: protocol, protocolMax: protocol, replica };
    this.#put(create(SessionRequestSchema, { said: { case: "open", value: open } }));
    const hello = { stream, replica, creditBytes };
    this.say({ case: "hello", value: hello });
  }

  /** Resolves once the hub has said how the stream goes on. */
  resumed(): Promise<void> {
    return this.until(() => this.#isResumed);
  }

  say(frame: Said): void {
    this.#put(create(SessionRequestSchema, { said: { case: "frame", value: { frame } } }));
  }

  /** Sends ops; resolves once they are on the hub's disk. */
  async push(ops: Uint8Array[]): Promise<void> {
    const { replica } = this;
    const value = { stream: this.#stream, replica, ctrFrom: this.#ctr + 1, ops };
    this.#ctr += ops.length;
    const upTo = this.#ctr;
    this.say({ case: "push", value });
    await this.until(() => this.#ackedCtr >= upTo);
  }

  /** Looks after each frame until it holds; rejects when the session ends before. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const wait = {
        holds: () => this.#error !== undefined || holds(),
        go: () => (this.#error === undefined ? resolve() : reject(this.#error)),
      };
      this.#waits.add(wait);
      this.#look();
    });
  }

  /** Takes nothing off any more, until it is resumed. */
  pause(): void {
    this.#http.pause();
  }

  close(): void {
    this.#http.removeAllListeners("trailers").on("error", () => undefined);
    this.#http.close();
  }

  #take(part: Buffer): void {
    this.#rest = this.#rest.length === 0 ? part : Buffer.concat([this.#rest, part]);
    for (;;) {
      if (this.#rest.length < envelopeBytes) break;
      const length = this.#rest.readUInt32BE(1);
      if (this.#rest.length < envelopeBytes + length) break;
      const message = this.#rest.subarray(envelopeBytes, envelopeBytes + length);
      const { said } = fromBinary(SessionResponseSchema, message);
      this.#rest = this.#rest.subarray(envelopeBytes + length);
      if (said.case === "frame") this.#heard(said.value);
    }
    this.#look();
  }

  #heard(frame: Frame): void {
    const { case: is, value } = frame.frame;
    this.came.frames += 1;
    if (is === "resumed") this.#isResumed = true;
    if (is === "pushAck") this.#ackedCtr = Math.max(this.#ackedCtr, value.mark?.ctr ?? 0);
    if (is === "packed") this.came.ops += value.ops.length;
    if (is === "batch") this.came.ops += value.entries.length;
    if (is === "packed" || is === "batch" || is === "snapshotPart") {
      this.say({ case: "batchAck", value: { stream: this.#stream, id: value.id } });
    }
    this.#hear(frame);
  }

  #look(): void {
    for (const wait of this.#waits) {
      if (!wait.holds()) continue;
      this.#waits.delete(wait);
      wait.go();
    }
  }

  #put(message: MessageInitShape<typeof SessionRequestSchema>): void {
    const bytes = toBinary(SessionRequestSchema, create(SessionRequestSchema, message));
    if (!this.#http.destroyed) this.#http.write(enveloped(bytes));
  }

  #end(error: Error): void {
    this.#error ??= error;
    this.#look();
  }
}
