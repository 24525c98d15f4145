import { Badge } from "./badge.tsx";
import { Button } from "./button.tsx";
import type { Connection } from "./follow.ts";
import { Icon } from "./icon.tsx";
import { clip } from "./measure.ts";
import { TroubleCard } from "./note.tsx";
import { useNow } from "./now.ts";
import { hubOffsetMs } from "./hub-clock.ts";
import { spanText } from "./span.ts";
import { Since } from "./time.tsx";
import type { Trouble } from "./trouble.ts";

/** Whether what one sees is of now, in one word. */
export function ConnectionBadge({ connection }: { connection: Connection }) {
  switch (connection.state) {
    case "live":
      return (
        <Badge ground="bg-online-ground" icon="online" text="text-online">
          Live
        </Badge>
      );
    case "reconnecting":
      return (
        <Badge ground="bg-degraded-ground" icon="wait" text="text-degraded">
          Reconnecting, <Since at={hubMs(connection.sinceMs)} />
        </Badge>
      );
    case "offline":
    case "refused":
      return (
        <Badge ground="bg-offline-ground" icon="offline" text="text-offline">
          {connection.state === "offline" ? "Offline" : "Refused"}
        </Badge>
      );
    default:
      return <Badge icon="wait">Connecting</Badge>;
  }
}

/** A strip above everything while the hub is away: since when, and when the next try is. */
export function ConnectionStrip(props: { connection: Connection; hurry: () => void }) {
  const { connection, hurry } = props;
  if (connection.state === "refused") {
    return (
      <div className="border-b border-line p-3">
        <TroubleCard retry={hurry} trouble={connection.trouble} />
      </div>
    );
  }
  if (connection.state !== "reconnecting" && connection.state !== "offline") return null;
  const offline = connection.state === "offline";
  return (
    <div
      className={`flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-5 py-1.5 text-sm ${offline ? "border-offline bg-offline-ground text-offline" : "border-degraded bg-degraded-ground text-degraded"}`}
      role="status"
    >
      <Icon name={offline ? "offline" : "wait"} />
      <span className="font-medium">
        {offline ? "Offline: the hub does not answer" : "Reconnecting to the hub"}
      </span>
      <span aria-live="off" className="figures flex-1">
        <Since at={hubMs(connection.sinceMs)} lead="for" />; what you see is as of then.{" "}
        {whyText(connection.trouble)}
        <Countdown toMs={connection.nextMs} />
      </span>
      <Button onClick={hurry}>Try now</Button>
    </div>
  );
}

/** Why, where it is more than that nobody answers. */
function whyText(trouble: Trouble | undefined): string {
  if (trouble === undefined || trouble.reason === "HUB_UNREACHABLE") return "";
  return `${clip(trouble.text, 160)}. `;
}

function Countdown({ toMs }: { toMs: number }) {
  const left = hubMs(toMs) - useNow();
  return <>{left > 999 ? `Next try in ${spanText(left)}.` : "Trying …"}</>;
}

/** Streams count by this browser's clock, ages by the hub's. */
function hubMs(localMs: number): number {
  return localMs + hubOffsetMs();
}
