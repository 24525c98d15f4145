import { create } from "@bufbuild/protobuf";
import { StreamSchema, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";

/** Where a stream is when nobody says otherwise. */
export const zoneDefault = "world";

/** How urgent it is when nobody says otherwise. */
export const laneDefault = 2;

const partitionPart = /(?:\/(?<partition>[a-z0-9][a-z0-9_.-]{0,63}))?/u.source;
const namePart = "[a-z0-9][a-z0-9_-]{0,63}";
const shape = new RegExp(
  `^(?<collection>${namePart})${partitionPart}(?:@(?<zone>${namePart}))?(?::(?<lane>[0-3]))?$`,
  "u",
);

/** Reads `collection[/partition][@zone][:lane]`; undefined when it is no such text. */
export function parseStream(text: string): Stream | undefined {
  const parts = shape.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { collection = "", partition = "", zone = zoneDefault, lane } = parts;
  return create(StreamSchema, {
    collection,
    partition,
    zone,
    lane: lane === undefined ? laneDefault : Number(lane),
  });
}

/** A stream as people write it: what is usual is left out. */
export function streamText({ collection, partition, zone, lane }: Stream): string {
  const where = partition === "" ? "" : `/${partition}`;
  const whose = zone === zoneDefault ? "" : `@${zone}`;
  return `${collection}${where}${whose}${lane === laneDefault ? "" : `:${lane}`}`;
}
