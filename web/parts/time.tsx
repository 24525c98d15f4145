import { type Timestamp, timestampMs } from "@bufbuild/protobuf/wkt";
import { localTime } from "./clock.ts";
import { unknown } from "./measure.ts";
import { useNow } from "./now.ts";
import { agoText, sinceText } from "./span.ts";

type Instant = Timestamp | number | bigint | undefined;

/** Milliseconds of any of our instants. */
export function msOf(instant: Instant): number | undefined {
  if (instant === undefined) return undefined;
  return typeof instant === "object" ? timestampMs(instant) : Number(instant);
}

/** How long ago; the exact time on hover. */
export function Ago({ at, never = unknown }: { at: Instant; never?: string }) {
  const ms = msOf(at);
  return ms === undefined ? <span>{never}</span> : <Ticking ms={ms} />;
}

/** For how long already, after a word that leads to it, e.g. "for". */
export function Since({ at, lead = "" }: { at: Instant; lead?: string }) {
  const now = useNow();
  const ms = msOf(at);
  if (ms === undefined) return <span>{unknown}</span>;
  return (
    <time className="figures whitespace-nowrap" title={localTime(ms, "full")}>
      {sinceText(now - ms, lead)}
    </time>
  );
}

function Ticking({ ms }: { ms: number }) {
  const now = useNow();
  return (
    <time className="figures whitespace-nowrap" title={localTime(ms, "full")}>
      {agoText(now - ms)}
    </time>
  );
}
