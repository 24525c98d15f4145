import { type Timestamp, timestampMs } from "@bufbuild/protobuf/wkt";
import { type ReactNode, useId, useMemo } from "react";
import { isoTime, localTime, zonedTime } from "./clock.ts";
import { useHint } from "./hint.tsx";
import { unknown } from "./measure.ts";
import { useNow } from "./now.ts";
import { agoText, sinceText } from "./span.ts";

type Instant = Timestamp | number | bigint | undefined;

/** Milliseconds of any of our instants. */
export function msOf(instant: Instant): number | undefined {
  if (instant === undefined) return undefined;
  return typeof instant === "object" ? timestampMs(instant) : Number(instant);
}

/** How long ago; the exact time, in both zones, on hover. */
export function Ago({ at, never = unknown }: { at: Instant; never?: string }) {
  const ms = msOf(at);
  return ms === undefined ? <span>{never}</span> : <Ticking ms={ms} />;
}

/** For how long already, after a word that leads to it, e.g. "for". */
export function Since({ at, lead = "" }: { at: Instant; lead?: string }) {
  const now = useNow();
  const ms = msOf(at);
  if (ms === undefined) return <span>{unknown}</span>;
  return <Time ms={ms}>{sinceText(now - ms, lead)}</Time>;
}

/** The very instant, as the calendar has it here; the other zone and its age to who comes to it. */
export function At({ at }: { at: Instant }) {
  const ms = msOf(at);
  return ms === undefined ? <span>{unknown}</span> : <Reachable ms={ms} />;
}

function Ticking({ ms }: { ms: number }) {
  const now = useNow();
  return <Time ms={ms}>{agoText(now - ms)}</Time>;
}

function Time({ ms, children }: { ms: number; children: ReactNode }) {
  const title = useMemo(() => zonedTime(ms), [ms]);
  return (
    <time className="figures whitespace-nowrap" dateTime={isoTime(ms)} title={title}>
      {children}
    </time>
  );
}

function Reachable({ ms }: { ms: number }) {
  const hint = useHint(useId(), `${zonedTime(ms)}\n${agoText(useNow() - ms)}`);
  return (
    <span>
      <time
        className="figures rounded-sm whitespace-nowrap underline decoration-line-strong decoration-dotted underline-offset-4"
        dateTime={isoTime(ms)}
        tabIndex={0}
        {...hint.events}
      >
        {localTime(ms, "full")}
      </time>
      {hint.note}
    </span>
  );
}
