import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { seal, unseal } from "./seal.ts";

const size = 64;
/** Guesses are cheap here. */
const shape = { chunkBytes: size, log2N: 4 };
const passphrase = "correct horse";

async function* parts(...bytes: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of bytes) yield await Promise.resolve(part);
}

async function all(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const part of stream) read.push(part);
  return Buffer.concat(read);
}

const sealed = async (...plain: Uint8Array[]) =>
  await all(seal(parts(...plain), passphrase, realWorld.random, shape));
const opened = async (...bytes: Uint8Array[]) =>
  await all(unseal(parts(...bytes), passphrase, "the file", shape));

async function refused(bytes: Uint8Array): Promise<void> {
  await expect(opened(bytes)).rejects.toMatchObject({ reason: Reason.BACKUP_UNREADABLE });
}

test("whatever is sealed, in whatever parts, opens again, whatever parts it comes in", async () => {
  const bytes = fc.uint8Array({ maxLength: 3 * size });
  await fc.assert(
    fc.asyncProperty(fc.array(bytes, { maxLength: 4 }), fc.nat(400), async (plain, cut) => {
      const closed = await sealed(...plain);
      expect(await opened(closed.subarray(0, cut), closed.subarray(cut))).toEqual(
        Buffer.concat(plain),
      );
    }),
    { numRuns: 100 },
  );
});

test("a length that is a whole number of chunks opens again", async () => {
  for (const length of [0, size, 2 * size]) {
    const plain = new Uint8Array(length).fill(7);
    expect(await opened(await sealed(plain))).toEqual(Buffer.from(plain));
  }
});

const plain = new Uint8Array(3 * size + 10).map((_, at) => at);

test("a flipped bit, wherever it is, is refused", async () => {
  const closed = await sealed(plain);
  // The three bytes of the cost are left out: a changed cost is refused too, but takes long.
  for (let at = 0; at < closed.length; at += at === 15 ? 4 : 1) {
    const bad = Buffer.from(closed);
    bad[at] = (bad[at] ?? 0) ^ 1;
    await refused(bad);
  }
});

test("a file that is cut short, also between chunks, is refused", async () => {
  const closed = await sealed(plain);
  for (let length = 0; length < closed.length; length++) {
    await refused(closed.subarray(0, length));
  }
});

test("added, exchanged and repeated chunks are refused", async () => {
  const closed = await sealed(plain);
  const header = closed.subarray(0, 42);
  const chunk = (at: number) => closed.subarray(42 + at * 80, 42 + (at + 1) * 80);
  await refused(Buffer.concat([closed, Buffer.of(0)]));
  await refused(Buffer.concat([header, chunk(1), chunk(0), chunk(2), chunk(3)]));
  await refused(Buffer.concat([header, chunk(0), chunk(0), chunk(1), chunk(2), chunk(3)]));
  await refused(Buffer.concat([header, chunk(0), chunk(1), chunk(3)]));
});

test("another passphrase is refused, and so is a file of another kind", async () => {
  const closed = await sealed(plain);
  const other = all(unseal(parts(closed), "another", "the file", shape));
  await expect(other).rejects.toThrow(/the passphrase is another one/);
  await expect(opened(Buffer.alloc(500))).rejects.toThrow(/no backup that this program knows/);
});

test("a header that asks for too much memory is refused before any is taken", async () => {
  const closed = await sealed(plain);
  closed[16] = 40;
  await expect(opened(closed)).rejects.toThrow(/no backup that this program knows/);
});
