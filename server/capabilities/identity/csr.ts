import { createPublicKey, verify } from "node:crypto";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { sameBytes } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { readTlv, tags } from "./tlv.ts";

/** How the SubjectPublicKeyInfo of an uncompressed P-256 point begins; 64 bytes follow. */
const p256Prefix = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d03010703420004", "hex");
const p256Bytes = 91;

/** AlgorithmIdentifier of ECDSA with SHA-256. */
const ecdsaSha256 = Buffer.from("300a06082a8648ce3d040302", "hex");
const versionOne = Buffer.from("020100", "hex");

/** The parts of a PKCS#10 that matter here. */
interface Parts {
  /** What was signed. */
  readonly info: Uint8Array;
  readonly spki: Uint8Array;
  readonly algorithm: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * The public key (SubjectPublicKeyInfo, DER) that a PKCS#10 asks a certificate for. Whatever else
 * it asks for is not even looked at: who the joiner is, the hub knows. Read by hand, since the
 * library's parser forgives what follows, PEM in place of DER, and more.
 *
 * @throws Fault CSR_INVALID unless it is strict DER, of a P-256 key, and signed by that key.
 */
export function keyOfCsr(der: Uint8Array): Uint8Array {
  const parts = partsOf(der);
  if (parts === undefined) throw invalid("it is no PKCS#10 in DER");
  const { info, spki, algorithm, signature } = parts;
  const isP256 =
    spki.length === p256Bytes && sameBytes(spki.subarray(0, p256Prefix.length), p256Prefix);
  if (!isP256) throw invalid("its key is not an uncompressed point of P-256");
  if (!sameBytes(algorithm, ecdsaSha256)) throw invalid("it is not signed by ECDSA with SHA-256");
  if (!isSigned(info, spki, signature)) throw invalid("it is not signed by its own key");
  return spki.slice();
}

/** SEQUENCE { SEQUENCE { version 0, name, SubjectPublicKeyInfo, attributes }, algorithm, bits }. */
function partsOf(der: Uint8Array): Parts | undefined {
  const outer = readTlv(der, tags.sequence);
  const info = readTlv(outer?.content ?? nothing, tags.sequence);
  const algorithm = readTlv(info?.rest ?? nothing, tags.sequence);
  const bits = readTlv(algorithm?.rest ?? nothing, tags.bits);
  const version = readTlv(info?.content ?? nothing, tags.integer);
  const name = readTlv(version?.rest ?? nothing, tags.sequence);
  const spki = readTlv(name?.rest ?? nothing, tags.sequence);
  const attributes = readTlv(spki?.rest ?? nothing, tags.attributes);
  if (!info || !algorithm || !bits || !version || !spki || !attributes) return undefined;
  const ends = [outer?.rest, bits.rest, attributes.rest].every((rest) => rest?.length === 0);
  if (!ends || !sameBytes(version.whole, versionOne) || bits.content[0] !== 0) return undefined;
  return {
    info: info.whole,
    spki: spki.whole,
    algorithm: algorithm.whole,
    signature: bits.content.subarray(1),
  };
}

const nothing = new Uint8Array();

function isSigned(info: Uint8Array, spki: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    return verify("sha256", info, key, signature);
  } catch {
    return false; // A point that is not on the curve.
  }
}

function invalid(problem: string): Fault {
  return new Fault(Reason.CSR_INVALID, { problem });
}
