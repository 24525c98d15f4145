import type { HeardEvent } from "@foedus/sdk/event/heard.ts";
import type { FilterOptions } from "./filter.ts";
import { payloadJson } from "./payload.ts";
import { sentenceOf } from "./sentence.ts";

/** Whether an event is wanted, by what the hub does not filter itself. */
export type Narrow = (heard: HeardEvent, name: string) => boolean;

/** Words to be found, and the time something was stored in. */
export function narrowBy(options: FilterOptions, nowMs: number): Narrow {
  const { words = "" } = options;
  const wanted = words.toLowerCase().split(/\s+/u).filter(Boolean);
  const sinceMs = options.since?.(nowMs) ?? 0;
  const untilMs = options.until?.(nowMs) ?? Number.POSITIVE_INFINITY;
  return (heard, name) => {
    const { receivedMs } = heard;
    if (receivedMs < sinceMs || receivedMs >= untilMs) return false;
    if (wanted.length === 0) return true;
    const text = textOf(heard, name);
    return wanted.every((word) => text.includes(word));
  };
}

/** What is read of an event: who told it, of what family, about what, as a sentence and in full. */
function textOf({ event }: HeardEvent, name: string): string {
  const said = JSON.stringify(payloadJson(event) ?? "");
  const { type, subject } = event;
  return [type, subject, name, sentenceOf(event) ?? "", said].join(" ").toLowerCase();
}
