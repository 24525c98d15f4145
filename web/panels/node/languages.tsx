import type { LanguageCount } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { shortCount } from "../../parts/measure.ts";

/** The Okabe-Ito hues in an order that keeps neighbours apart; names stand beside them. */
const hues = ["bg-hue-1", "bg-hue-2", "bg-hue-3", "bg-hue-4", "bg-hue-5"];
const partsMax = 5;

/** The largest languages; the rest is one part. */
export function partsOf(languages: readonly LanguageCount[]) {
  const total = languages.reduce((sum, { lines }) => sum + Number(lines), 0);
  const shown = languages.length > partsMax ? languages.slice(0, partsMax - 1) : languages;
  const parts = shown.map(({ language, lines }) => ({ name: language, lines: Number(lines) }));
  const rest = total - parts.reduce((sum, { lines }) => sum + lines, 0);
  if (rest > 0) parts.push({ name: "other", lines: rest });
  return parts.map((part, index) => ({
    ...part,
    percent: total === 0 ? 0 : (100 * part.lines) / total,
    hue: hues[index % hues.length] ?? "",
  }));
}

/** Nothing is all of it unless it is all of it. */
export function percentText(percent: number): string {
  return percent >= 99.95 ? "100 %" : `${percent.toFixed(percent < 10 || percent > 99 ? 1 : 0)} %`;
}

/** The languages as a bar; the names are told beside it. */
export function LanguageBar({ languages }: { languages: readonly LanguageCount[] }) {
  return (
    <span aria-hidden="true" className="flex h-1.5 gap-px overflow-hidden rounded-full bg-line">
      {partsOf(languages).map((part) => (
        <span className={part.hue} key={part.name} style={{ width: `${part.percent}%` }} />
      ))}
    </span>
  );
}

/** The languages by name, with lines and share. */
export function LanguageList({ languages }: { languages: readonly LanguageCount[] }) {
  return (
    <ul className="mt-2 grid grid-cols-2 gap-x-4 gap-y-1 text-xs">
      {partsOf(languages).map((part) => (
        <li className="flex items-center gap-2" key={part.name}>
          <span aria-hidden="true" className={`size-2 shrink-0 rounded-sm ${part.hue}`} />
          <bdi className="min-w-0 flex-1 truncate">{part.name}</bdi>
          <span className="figures text-muted">
            {shortCount(part.lines)} · {percentText(part.percent)}
          </span>
        </li>
      ))}
    </ul>
  );
}
