import { Resume, type Resumed } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Mark } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { framed } from "./frame.ts";
import type { Feed, HubEffect, HubState, Session } from "./hub.state.ts";
import { dominates, type Vector } from "./vector.ts";

/** What is said of how a stream goes on; with a cursor when it has just been opened. */
export function resumeOf(
  state: HubState,
  feed: Feed,
  vector: Vector,
  more: { cursor?: { epoch: string; seq: number }; mark?: Mark; settledCtr?: number },
): Partial<Resumed> {
  const behind = feed.mode === "SNAPSHOT" && !dominates(vector, feed.hello?.vector ?? {});
  const { creditBytes } = state.limits;
  const { stream } = feed;
  return {
    stream,
    mode: modes[feed.mode],
    vector: { ...vector },
    behind,
    creditBytes,
    ...more,
  } as Resumed;
}

const modes: Record<Feed["mode"], Resume> = {
  OPENING: Resume.UNSPECIFIED,
  LIVE: Resume.INCREMENTAL,
  SNAPSHOT: Resume.SNAPSHOT,
  WAIT: Resume.WAIT,
};

/** Says it. */
export function resumed({ session }: Session, value: Partial<Resumed>): HubEffect {
  const { $typeName: _name, ...said } = value;
  return { type: "send", session, frame: framed({ case: "resumed", value: said }) };
}

/** Notes how far another hub has the log. */
export function lease(
  { streams }: HubState,
  { peer, name }: Session,
  key: string,
  seq: number,
): HubEffect {
  const forGood = peer === "PARENT";
  const epoch = streams.get(key)?.epoch ?? "";
  return { type: "ask", request: { type: "lease", key, peer: name, seq, epoch, forGood } };
}
