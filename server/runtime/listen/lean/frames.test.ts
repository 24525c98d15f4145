import { ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { expect, test } from "vitest";
import { frameHeadBytes, Frames } from "./frames.ts";

const bytesMax = 1_000;

type Message = readonly [flags: number, bytes: Uint8Array];

function framed([flags, bytes]: Message): Buffer {
  const head = Buffer.alloc(frameHeadBytes);
  head.writeUInt8(flags);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** What comes out when the bytes arrive in these pieces. */
function taken(pieces: readonly Buffer[]): { messages: [number, number[]][]; isTorn: boolean } {
  const frames = new Frames(bytesMax);
  const messages: [number, number[]][] = [];
  for (const piece of pieces) {
    frames.take(piece, (flags, bytes) => messages.push([flags, [...bytes]]));
  }
  return { messages, isTorn: frames.isTorn };
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = [0, ...at.map((one) => one % (bytes.length + 1)), bytes.length];
  const sorted = places.toSorted((a, b) => a - b);
  return sorted.slice(1).map((to, index) => bytes.subarray(sorted[index], to));
}

const message = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 40 }));

test("however the bytes are cut, the messages that were sent come out", () => {
  const messages = fc.array(message, { maxLength: 12 });
  fc.assert(
    fc.property(messages, fc.array(fc.nat(), { maxLength: 20 }), (sent, at) => {
      const bytes = Buffer.concat(sent.map(framed));
      const expected = sent.map(([flags, each]) => [flags, [...each]]);
      expect(taken(cut(bytes, at))).toEqual({ messages: expected, isTorn: false });
    }),
  );
});

test("whatever is cut off leaves something torn, unless it ends between two messages", () => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 5 }), fc.nat(), (sent, at) => {
      const whole = sent.map(framed);
      const bytes = Buffer.concat(whole);
      const to = at % (bytes.length + 1);
      const ends = whole.map((_, index) => Buffer.concat(whole.slice(0, index)).length);
      const isBetween = [...ends, bytes.length].includes(to);
      expect(taken([bytes.subarray(0, to)]).isTorn).toBe(!isBetween);
    }),
  );
});

test("a message of the most bytes passes, one of a byte more is refused by its head", () => {
  const most = framed([0, new Uint8Array(bytesMax)]);
  expect(taken([most]).messages).toHaveLength(1);
  const tooMany = framed([0, new Uint8Array(bytesMax + 1)]).subarray(0, frameHeadBytes);
  expect(() => taken([tooMany])).toThrow(ConnectError);
  expect(() => taken([tooMany.subarray(0, 2), tooMany.subarray(2)])).toThrow(/readMaxBytes 1000/);
});

test("what came whole before a message that is too long is handed out", () => {
  const frames = new Frames(bytesMax);
  const messages: number[] = [];
  const good = framed([3, Uint8Array.of(1)]);
  const bytes = Buffer.concat([good, Buffer.of(0, 0xff, 0xff, 0xff, 0xff)]);
  expect(() => frames.take(bytes, (flags) => messages.push(flags))).toThrow(/4294967295/);
  expect(messages).toEqual([3]);
});
