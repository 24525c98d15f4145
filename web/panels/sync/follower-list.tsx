import { type Follower, PeerKind } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { bytesText, countText } from "../../parts/measure.ts";
import { Meter } from "../../parts/meter.tsx";
import { Name } from "../../parts/name.tsx";
import { NodeLink } from "../../parts/node-link.tsx";
import { useRows } from "../../parts/rows.tsx";
import { Section } from "../../parts/section.tsx";
import { At } from "../../parts/time.tsx";
import { useWatch } from "../node/nodes.tsx";
import { kindText, lagLook, lagOf } from "./lag.ts";
import { LagBadge } from "./lag-badge.tsx";
import { partOf } from "./part.ts";
import { refusalText } from "./refusal.ts";
import type { StreamRow } from "./streams.ts";

const followersStep = 50;

/** Who follows a stream: where they stand, and how far behind. */
export function FollowerList({ row, isLive }: { row: StreamRow; isLive: boolean }) {
  const { followers } = row.status;
  const { rows, more } = useRows(followers, followersStep);
  return (
    <Section title={`Who follows it: ${countText(followers.length)}`}>
      {followers.length === 0 && (
        <p className="text-sm text-muted">Nobody: it is kept here, and waits for its readers.</p>
      )}
      <ul className="divide-y divide-line">
        {rows.map((follower, at) => (
          // One may follow by several sessions.
          <li className="py-2.5" key={`${follower.kind} ${follower.id} ${at}`}>
            <FollowerLine follower={follower} isLive={isLive} row={row} />
          </li>
        ))}
      </ul>
      {more}
    </Section>
  );
}

interface FollowerLineProps {
  readonly follower: Follower;
  readonly row: StreamRow;
  readonly isLive: boolean;
}

function FollowerLine({ follower, row, isLive }: FollowerLineProps) {
  const { refusal, kind, leaseExpireTime } = follower;
  const lag = lagOf(follower);
  return (
    <>
      <div className="flex items-center justify-between gap-3 text-sm">
        <span className="flex min-w-0 items-center gap-2">
          <Title follower={follower} />
          <span className="text-2xs whitespace-nowrap text-muted">{kindText(kind)}</span>
        </span>
        {refusal ? (
          <Badge icon="block" quiet tone="offline">
            refused
          </Badge>
        ) : (
          <Standing follower={follower} isLive={isLive} toldMs={row.toldMs} />
        )}
      </div>
      {refusal ? (
        <p className="text-xs text-muted">Does not get the stream: {refusalText(refusal)}.</p>
      ) : (
        <div className="mt-1 flex items-center gap-3 text-xs text-muted">
          <Meter
            className="min-w-16 flex-1"
            part={partOf(follower.seq, row.status)}
            tone={toneOf(lagLook(lag).tone)}
          />
          <span className="figures whitespace-nowrap">
            {countText(follower.seq)} of {countText(row.status.head)}
          </span>
          <span className="figures w-24 text-right whitespace-nowrap">
            {follower.flightBytes === 0n ? "none" : bytesText(follower.flightBytes)} in flight
          </span>
        </div>
      )}
      {leaseExpireTime && (
        <p className="text-xs text-muted">
          {kind === PeerKind.CHILD && !follower.connected ? "Holds" : "May hold"} back truncation
          until <At at={leaseExpireTime} />
        </p>
      )}
    </>
  );
}

function toneOf(tone: Tone | undefined): string {
  if (tone === "online") return "text-online";
  if (tone === "degraded") return "text-degraded";
  return tone === "accent" ? "text-accent" : "text-retired";
}

function Standing(props: { follower: Follower; isLive: boolean; toldMs: number }) {
  const { follower, isLive, toldMs } = props;
  const lag = lagOf(follower);
  if (!follower.connected && lag.ops === 0) {
    return (
      <Badge icon="offline" quiet>
        <span className="font-normal">away, up to date</span>
      </Badge>
    );
  }
  return <LagBadge isLive={isLive} lag={lag} toldMs={toldMs} />;
}

/** A node leads to the map; a person or an agent is only named. */
function Title({ follower: { id, name } }: { follower: Follower }) {
  const { nodes } = useWatch();
  const shown = name || id;
  if (nodes.has(id)) return <NodeLink className="max-w-44" id={id} name={shown} />;
  return <Name className="max-w-44 font-medium" text={shown} />;
}
