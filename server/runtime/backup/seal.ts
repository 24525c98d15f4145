import { createCipheriv, createDecipheriv, scrypt } from "node:crypto";
import { concat, utf8 } from "@foedus/kernel/bytes.ts";
import type { Random } from "@foedus/kernel/world.ts";
import { unreadable } from "./fault.ts";

const magic = utf8("FOEDUS BACKUP 1\n");
const saltBytes = 16;
const prefixBytes = 7;
const headerBytes = magic.length + 3 + saltBytes + prefixBytes;
const tagBytes = 16;
/** How a seal is made; what opening needs to know of it stands in the header. */
export interface SealShape {
  /** How much is sealed at once: a reader holds no more, and trusts nothing it has not opened. */
  readonly chunkBytes: number;
  /** What a guess at the passphrase costs (scrypt's N, as a power of two). */
  readonly log2N: number;
}

/** A megabyte at a time; 128 MiB and about half a second for each guess. */
const usualShape: SealShape = { chunkBytes: 1_048_576, log2N: 17 };
const cost = { r: 8, p: 1 };
const costMax = { log2N: 20, r: 16, p: 4 };

/**
 * Seals bytes with a passphrase, chunk by chunk (AES-256-GCM, the STREAM construction: the nonce
 * holds a counter and whether the chunk is the last). The key comes from scrypt; every chunk
 * vouches for the header.
 */
export async function* seal(
  plain: AsyncIterable<Uint8Array>,
  passphrase: string,
  random: Random,
  shape = usualShape,
): AsyncGenerator<Uint8Array> {
  const params = Uint8Array.of(shape.log2N, cost.r, cost.p);
  const header = concat(magic, params, random.bytes(saltBytes), random.bytes(prefixBytes));
  const key = await keyOf(header, passphrase);
  yield header;
  let counter = 0;
  for await (const { bytes, isLast } of inChunks(plain, shape.chunkBytes)) {
    const cipher = createCipheriv("aes-256-gcm", key, nonceOf(header, counter++, isLast));
    cipher.setAAD(header);
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }
}

/**
 * Opens what `seal` made.
 *
 * @throws Fault BACKUP_UNREADABLE for another passphrase, a changed, missing or added byte.
 */
export async function* unseal(
  sealed: AsyncIterable<Uint8Array>,
  passphrase: string,
  file: string,
  shape = usualShape,
): AsyncGenerator<Uint8Array> {
  const { header, rest } = await readHeader(sealed, file);
  const key = await keyOf(header, passphrase);
  let counter = 0;
  for await (const { bytes, isLast } of inChunks(rest, shape.chunkBytes + tagBytes)) {
    const nonce = nonceOf(header, counter, isLast);
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(header);
    try {
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      const opened = decipher.update(bytes.subarray(0, -tagBytes));
      decipher.final();
      yield opened;
    } catch (cause) {
      const first = "the passphrase is another one, or the file is damaged";
      throw unreadable(file, counter === 0 ? first : "it is damaged or cut short", cause);
    }
    counter += 1;
  }
}

async function readHeader(sealed: AsyncIterable<Uint8Array>, file: string) {
  const parts = sealed[Symbol.asyncIterator]();
  let read: Uint8Array = new Uint8Array(0);
  while (read.length < headerBytes) {
    const part = await parts.next();
    if (part.done) throw unreadable(file, "it is no backup of a hub");
    read = concat(read, part.value);
  }
  const header = read.slice(0, headerBytes);
  if (!isHeader(header)) throw unreadable(file, "it is no backup that this program knows");
  return { header, rest: following(read.subarray(headerBytes), parts) };
}

function isHeader(header: Uint8Array): boolean {
  const [log2N = 0, r = 0, p = 0] = header.subarray(magic.length);
  // A forged header must not make us allocate whatever it says.
  const isFair = log2N <= costMax.log2N && r <= costMax.r && p <= costMax.p && log2N * r * p > 0;
  return isFair && Buffer.from(magic).equals(header.subarray(0, magic.length));
}

async function* following(
  first: Uint8Array,
  parts: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  for (let part = await parts.next(); !part.done; part = await parts.next()) yield part.value;
}

/**
 * Chunks of exactly `size`, and a last one that is shorter or as long; there always is a last one.
 */
async function* inChunks(
  parts: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly isLast: boolean }> {
  let chunk = Buffer.alloc(size);
  let filled = 0;
  for await (const part of parts) {
    let rest = part;
    while (rest.length > 0) {
      if (filled === size) {
        yield { bytes: chunk, isLast: false };
        chunk = Buffer.alloc(size);
        filled = 0;
      }
      const taken = rest.subarray(0, size - filled);
      chunk.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
    }
  }
  yield { bytes: chunk.subarray(0, filled), isLast: true };
}

function nonceOf(header: Uint8Array, counter: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(prefixBytes + 5);
  nonce.set(header.subarray(-prefixBytes));
  nonce.writeUInt32BE(counter, prefixBytes);
  nonce.writeUInt8(isLast ? 1 : 0, prefixBytes + 4);
  return nonce;
}

async function keyOf(header: Uint8Array, passphrase: string): Promise<Buffer> {
  const [log2N = 0, r = 0, p = 0] = header.subarray(magic.length);
  const salt = header.subarray(magic.length + 3, magic.length + 3 + saltBytes);
  const options = { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r };
  return await new Promise((resolve, reject) => {
    scrypt(passphrase.normalize("NFKC"), salt, 32, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
