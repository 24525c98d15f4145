const names = ["B", "KiB", "MiB", "GiB", "TiB"];
const step = 1024;

/** A size in the unit that suits it, e.g. "1.5 GiB". */
export function sizeText(bytes: number): string {
  const power = bytes < step ? 0 : Math.floor(Math.log2(bytes) / 10);
  const unit = Math.min(power, names.length - 1);
  const size = bytes / step ** unit;
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${size.toFixed(digits)} ${names[unit] ?? ""}`;
}
