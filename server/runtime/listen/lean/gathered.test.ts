import fc from "fast-check";
import { expect, test } from "vitest";
import { Frames } from "./frames.ts";
import { Gathered, keptBytesMin } from "./gathered.ts";
import { Whole } from "./whole.ts";

const manyBytes = 240_000;
const bytesMax = 1_000_000;

/** What one object that stands for a piece costs besides the bytes. */
const pieceBytes = 100;

/** Bytes that are kept from being freed: all of each buffer that a part lies in. */
function heldBytes(parts: readonly Uint8Array[]): number {
  const buffers = new Set(parts.map(({ buffer }) => buffer));
  const bytes = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
  return bytes + parts.length * pieceBytes;
}

/** A byte in a buffer of its own, as a frame of one byte comes. */
function byteAt(n: number): Buffer {
  return Buffer.from(Uint8Array.of(n).buffer);
}

const expected = Uint8Array.from({ length: manyBytes }, (_, n) => n);

test("a message in frames of one byte holds about twice its bytes at most", () => {
  const frames = new Frames(bytesMax);
  const messages: Uint8Array[] = [];
  const note = (_flags: number, message: Uint8Array) => messages.push(message);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(manyBytes, 1);
  frames.take(head, note);
  for (let n = 0; n < manyBytes - 1; n++) frames.take(byteAt(n), note);
  expect(heldBytes(frames.held)).toBeLessThan(2.1 * manyBytes);
  frames.take(byteAt(manyBytes - 1), note);
  expect(messages).toHaveLength(1);
  expect(Buffer.compare(messages[0] ?? head, expected)).toBe(0);
  expect(frames.held).toEqual([]);
});

test("so does a body that is one message", async () => {
  const whole = new Whole({}, bytesMax);
  for (let n = 0; n < manyBytes; n++) whole.take(byteAt(n));
  expect(heldBytes(whole.held)).toBeLessThan(2.1 * manyBytes);
  whole.end();
  expect(Buffer.compare(await whole.bytes, expected)).toBe(0);
  expect(whole.held).toEqual([]);
});

test("a byte promises nothing of what a long message may hold", () => {
  const gathered = new Gathered();
  gathered.add(byteAt(1), bytesMax);
  expect(heldBytes(gathered.parts)).toBeLessThan(2 * pieceBytes);
});

test.each([
  ["copied", keptBytesMin - 1, false],
  ["kept", keptBytesMin, true],
])("a piece is %s at %d bytes", (_name, bytes, isKept) => {
  const gathered = new Gathered();
  const piece = Buffer.alloc(bytes);
  gathered.add(piece, bytesMax);
  expect(gathered.parts[0]?.buffer === piece.buffer).toBe(isKept);
});

test("whatever the pieces, what is taken is all of them, in bytes of its own", () => {
  const near = fc.integer({ min: keptBytesMin - 2, max: keptBytesMin + 2 });
  const size = fc.oneof(fc.nat({ max: 300 }), near);
  fc.assert(
    fc.property(fc.array(size, { maxLength: 60 }), fc.boolean(), (sizes, isExact) => {
      const pieces = sizes.map((length, n) => Buffer.alloc(length, n));
      const all = Buffer.concat(pieces);
      const gathered = new Gathered();
      for (const piece of pieces) gathered.add(piece, isExact ? all.length : bytesMax);
      expect(gathered.length).toBe(all.length);
      expect(heldBytes(gathered.parts)).toBeLessThan(
        2 * all.length + 2 * pieceBytes * (pieces.length + 1),
      );
      const taken = gathered.take();
      expect(Buffer.compare(taken, all)).toBe(0);
      expect(pieces.some(({ buffer }) => buffer === taken.buffer)).toBe(false);
      expect([gathered.length, gathered.parts]).toEqual([0, []]);
    }),
  );
});
