import type { SubscribeResponse } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { factOf } from "./fact.ts";

/** What of the hub may have changed; each is the name of a service's package. */
export const areas = ["access", "identity", "learning", "link", "sync"] as const;
export type Area = (typeof areas)[number];

/** The families that say that something changed. A cycle is told once, not once a node. */
export const noticeTypes = ["access.*", "identity.*", "trust_aggregate", "link.*", "sync.*"];

/** How often each area was told to have changed. */
export interface Notices {
  readonly cursor: bigint | undefined;
  readonly turns: Readonly<Record<Area, number>>;
}

/** Nothing heard yet. */
export const noNotices: Notices = {
  cursor: undefined,
  turns: { access: 0, identity: 0, learning: 0, link: 0, sync: 0 },
};

/** Takes one item of the stream. What was read before the first one may be older than it. */
export function noticed(notices: Notices, { item }: SubscribeResponse): Notices {
  switch (item.case) {
    case "delivery": {
      const { events, cursor } = item.value;
      if (notices.cursor === undefined) return turned(notices, areas, cursor);
      const told = new Set(events.flatMap((stored) => areaOf(factOf(stored)?.event.type) ?? []));
      return turned(notices, [...told], cursor);
    }
    case "head": {
      const { cursor } = item.value;
      return turned(notices, notices.cursor === undefined ? areas : [], cursor);
    }
    case "gap":
      return turned(notices, areas, undefined);
    default:
      return notices;
  }
}

/** The areas that differ between two readings. */
export function turnedSince(before: Notices, now: Notices): readonly Area[] {
  return areas.filter((area) => before.turns[area] !== now.turns[area]);
}

function turned(notices: Notices, told: readonly Area[], cursor: bigint | undefined): Notices {
  const turns = { ...notices.turns };
  for (const area of told) turns[area] += 1;
  return { cursor, turns };
}

/** A network's picture is learning's, though its family has no prefix. */
function areaOf(type = ""): Area | undefined {
  if (type === "trust_aggregate") return "learning";
  return areas.find((area) => type.startsWith(`${area}.`));
}
