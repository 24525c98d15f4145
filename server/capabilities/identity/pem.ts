/** One part of a PEM text: its label, e.g. "CERTIFICATE", and its DER. */
export interface PemPart {
  readonly label: string;
  readonly der: Uint8Array;
}

const partShape = /-----BEGIN ([A-Z0-9 ]+)-----\n([A-Za-z0-9+/=\n]+)-----END \1-----/g;
const lineLetters = 64;

/** DER as PEM (RFC 7468). */
export function toPem(label: string, der: Uint8Array): string {
  const text = Buffer.from(der).toString("base64");
  const lines = text.match(new RegExp(`.{1,${lineLetters}}`, "g")) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** The parts of a PEM text, in order. */
export function fromPem(text: string): PemPart[] {
  return Array.from(text.matchAll(partShape), ([, label = "", base64 = ""]) => ({
    label,
    der: new Uint8Array(Buffer.from(base64, "base64")),
  }));
}
