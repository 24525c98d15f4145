// An HTTP/2 client of raw frames, for all that a well-behaved one would never send.
import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";

/** Frame types (RFC 9113, section 6). */
export const frame = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
};

/** One frame. */
export function frameOf(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = new Uint8Array(),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A header block without compression (RFC 7541, section 6.2.2). */
export function headerBlock(headers: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]),
  );
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  if (bytes.length < 127) return Buffer.concat([Buffer.of(bytes.length), bytes]);
  const rest: number[] = [];
  let left = bytes.length - 127;
  for (; left >= 128; left >>= 7) rest.push((left & 127) | 128);
  return Buffer.concat([Buffer.of(127, ...rest, left), bytes]);
}

/** A connection that has sent its preface, and nothing else unless it is told to. */
export interface RawSession {
  readonly socket: Socket;
  /** What the server sent, by frame type. */
  readonly received: Map<number, number>;
  /** What the frames of a type held. */
  payloads(type: number): Buffer[];
  /** Milliseconds from now until the server ends the connection. */
  cutAfter(): Promise<number>;
  /**
   * Sends what it is given, as fast as it goes, until cut; returns how many milliseconds that took.
   */
  flood(make: (n: number) => Buffer): Promise<number>;
}

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const acknowledged = 1;

/** Connects to a plain listener. */
export async function rawSession(
  url: string,
  options: { answers?: boolean } = {},
): Promise<RawSession> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  const received = new Map<number, number>();
  let rest = Buffer.alloc(0);
  const told: { type: number; payload: Buffer }[] = [];
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const [length, type] = [rest.readUIntBE(0, 3), rest.readUInt8(3)];
      received.set(type, (received.get(type) ?? 0) + 1);
      const payload = rest.subarray(9, 9 + length);
      told.push({ type, payload });
      const isNew = (rest.readUInt8(4) & acknowledged) === 0;
      if (options.answers === true && type === frame.ping && isNew) {
        socket.write(frameOf(frame.ping, acknowledged, 0, Buffer.from(payload)));
      }
      rest = rest.subarray(9 + length);
    }
  });
  await once(socket, "connect");
  socket.write(preface);
  socket.write(frameOf(frame.settings, 0, 0));
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  return {
    socket,
    received,
    payloads: (type) => told.flatMap((one) => (one.type === type ? one.payload : [])),
    async cutAfter() {
      const startMs = performance.now();
      await closed;
      return performance.now() - startMs;
    },
    async flood(make) {
      const startMs = performance.now();
      for (let n = 0; !socket.destroyed; n++) {
        const taken = socket.write(make(n));
        if (!taken) await Promise.race([drained(socket), closed]);
        else if (n % burst === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      return performance.now() - startMs;
    },
  };
}

const burst = 200;

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("drain", () => resolve()));
}
