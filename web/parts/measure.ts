/** What stands where nothing was measured: never a zero. */
export const unknown = "unknown";

const countFormat = new Intl.NumberFormat("en-US");
const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A count with separators. */
export function countText(count: bigint | number | undefined): string {
  return count === undefined ? unknown : countFormat.format(count);
}

/** A large count in few characters, e.g. 51.2k. */
export function shortCount(count: bigint | number | undefined): string {
  if (count === undefined) return unknown;
  const value = Number(count);
  if (value < 10_000) return countFormat.format(value);
  return value < 1_000_000 ? `${round(value / 1_000)}k` : `${round(value / 1_000_000)}M`;
}

/** Bytes in binary units. */
export function bytesText(bytes: bigint | number | undefined): string {
  if (bytes === undefined) return unknown;
  let value = Number(bytes);
  let unit = 0;
  while (value >= 1_024 && unit < byteUnits.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${round(value)} ${byteUnits[unit] ?? ""}`;
}

/** Microseconds as milliseconds. */
export function roundTripText(micros: bigint | undefined): string {
  return micros === undefined ? unknown : `${round(Number(micros) / 1_000)} ms`;
}

/** How far a node's clock is ahead (+) or behind (−). */
export function skewText(skewMs: bigint | undefined): string {
  if (skewMs === undefined) return unknown;
  const magnitude = skewMs < 0n ? -skewMs : skewMs;
  const sign = skewMs < 0n ? "−" : skewMs > 0n ? "+" : "±";
  if (magnitude < 10_000n) return `${sign}${countText(magnitude)} ms`;
  return `${sign}${countText(magnitude / 1_000n)} s`;
}

/** Bytes as hex; long ones may be cut by the caller. */
export function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** At most so many characters, and an ellipsis when there were more. */
export function clip(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax)}…`;
}

function round(value: number): string {
  const digits = value < 10 ? 1 : 0;
  return countFormat.format(Number(value.toFixed(digits)));
}
