import { createCipheriv, createDecipheriv, scrypt } from "node:crypto";
import { concat } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import type { Random } from "@foedus/kernel/world.ts";

/** How a code becomes a key: scrypt takes 128 MiB and about half a second. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };
const keyBytes = 32;
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const codeLetters = 32;
const groupLetters = 4;

/** A new recovery code: 160 bits in eight groups of four letters that are hard to confuse. */
export function newRecoveryCode(random: Random): string {
  const letters = Array.from(random.bytes(codeLetters), (byte) => alphabet.charAt(byte % 32));
  const groups = letters.join("").match(new RegExp(`.{${groupLetters}}`, "g")) ?? [];
  return groups.join("-");
}

/** Seals a secret with a recovery code (AES-256-GCM); `about` must be the same to open it. */
export async function seal(
  code: string,
  secret: Uint8Array,
  about: Uint8Array,
  random: Random,
): Promise<Uint8Array> {
  const salt = random.bytes(saltBytes);
  const nonce = random.bytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", await keyOf(code, salt), nonce);
  cipher.setAAD(sha256(about));
  const sealed = concat(cipher.update(secret), cipher.final());
  return concat(salt, nonce, cipher.getAuthTag(), sealed);
}

/** Opens what `seal` sealed; undefined for another code, other bytes, or another `about`. */
export async function unseal(
  code: string,
  sealed: Uint8Array,
  about: Uint8Array,
): Promise<Uint8Array | undefined> {
  const [salt, nonce, tag, rest] = cut(sealed, saltBytes, nonceBytes, tagBytes);
  const decipher = createDecipheriv("aes-256-gcm", await keyOf(code, salt), nonce, {
    authTagLength: tagBytes,
  });
  decipher.setAAD(sha256(about));
  try {
    decipher.setAuthTag(tag);
    return concat(decipher.update(rest), decipher.final());
  } catch {
    return undefined;
  }
}

/** People type codes: case and dashes do not matter, and look-alikes mean one letter. */
function keyOf(code: string, salt: Uint8Array): Promise<Buffer> {
  const typed = code.toLowerCase().replaceAll(/[\s-]/g, "");
  const letters = typed.replaceAll("o", "0").replaceAll(/[il]/g, "1");
  return new Promise((resolve, reject) => {
    scrypt(letters, salt, keyBytes, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function cut(
  bytes: Uint8Array,
  first: number,
  second: number,
  third: number,
): [Uint8Array, Uint8Array, Uint8Array, Uint8Array] {
  const [a, b, c] = [first, first + second, first + second + third];
  return [bytes.slice(0, a), bytes.slice(a, b), bytes.slice(b, c), bytes.slice(c)];
}
