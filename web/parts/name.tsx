import { clip } from "./measure.ts";

/** Longer names are cut: nobody reads ten thousand characters. */
export const nameMax = 160;

/** A name somebody else chose: kept on one line, in its own direction, and never markup. */
export function Name({ text, className = "" }: { text: string; className?: string }) {
  return (
    <bdi className={`block min-w-0 truncate ${className}`} dir="auto" title={clip(text, 400)}>
      {clip(text, nameMax)}
    </bdi>
  );
}

/** Words somebody else wrote, over several lines, within bounds. */
export function Words({ text, className = "" }: { text: string; className?: string }) {
  return (
    <bdi className={`line-clamp-6 wrap-anywhere ${className}`} dir="auto">
      {clip(text, 2_000)}
    </bdi>
  );
}
