import "reflect-metadata";
import { Pkcs10CertificateRequest } from "@peculiar/x509";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { sameBytes } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";

/** How the SubjectPublicKeyInfo of an uncompressed P-256 point begins; 64 bytes follow. */
const p256Prefix = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d03010703420004", "hex");
const p256Bytes = 91;

/**
 * The public key (SubjectPublicKeyInfo, DER) that a PKCS#10 asks a certificate for. Whatever else
 * it asks for is not even looked at: who the joiner is, the hub knows.
 *
 * @throws Fault CSR_INVALID unless it is strict DER, of a P-256 key, and signed by that key.
 */
export async function keyOfCsr(der: Uint8Array): Promise<Uint8Array> {
  const csr = parse(der);
  const spki = new Uint8Array(csr.publicKey.rawData);
  const isP256 =
    spki.length === p256Bytes && p256Prefix.equals(spki.subarray(0, p256Prefix.length));
  if (!isP256) throw invalid("its key is not an uncompressed point of P-256");
  if (csr.signatureAlgorithm.name !== "ECDSA" || csr.signatureAlgorithm.hash.name !== "SHA-256") {
    throw invalid("it is not signed with ECDSA and SHA-256");
  }
  if (!(await isSignedByItself(csr))) throw invalid("it is not signed by its own key");
  return spki;
}

function parse(der: Uint8Array): Pkcs10CertificateRequest {
  try {
    const csr = new Pkcs10CertificateRequest(der);
    // The parser also takes PEM and hex, and forgives what follows: neither is what was signed for.
    if (sameBytes(new Uint8Array(csr.rawData), der)) return csr;
  } catch (cause) {
    throw invalid("it is no PKCS#10 in DER", cause);
  }
  throw invalid("it is no PKCS#10 in DER");
}

async function isSignedByItself(csr: Pkcs10CertificateRequest): Promise<boolean> {
  try {
    return await csr.verify();
  } catch {
    return false; // A point that is not on the curve, or a signature of another shape.
  }
}

function invalid(problem: string, cause?: unknown): Fault {
  return new Fault(Reason.CSR_INVALID, { problem }, { cause });
}
