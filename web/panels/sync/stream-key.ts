import { create } from "@bufbuild/protobuf";
import { type Stream, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";

/** What is usual, and left out: the command line writes streams the same way. */
const usual = { zone: "world", lane: 2 } as const;

/** A stream in one word, `collection[/partition][@zone][:lane]`, for addresses and commands. */
export function streamKey({ collection, partition, zone, lane }: Stream): string {
  const where = partition === "" ? "" : `/${partition}`;
  const whose = zone === usual.zone ? "" : `@${zone}`;
  return `${collection}${where}${whose}${lane === usual.lane ? "" : `:${lane}`}`;
}

const name = "[a-z0-9][a-z0-9_-]{0,63}";
const part = "(?:/(?<partition>[a-z0-9][a-z0-9_.-]{0,63}))?";
const place = `(?:@(?<zone>${name}))?(?::(?<lane>[0-3]))?`;
const shape = new RegExp(`^(?<collection>${name})${part}${place}$`, "u");

/** The stream that an address names; undefined where it names none. */
export function streamIn(key: string | undefined): Stream | undefined {
  const parts = shape.exec(key ?? "")?.groups;
  if (parts === undefined) return undefined;
  const { collection = "", partition = "", zone = usual.zone, lane } = parts;
  const number = lane === undefined ? usual.lane : Number(lane);
  return create(StreamSchema, { collection, partition, zone, lane: number });
}

/** A stream as people call it: where it is divided, by its part too. */
export function streamName({ collection, partition }: Pick<Stream, "collection" | "partition">) {
  return partition === "" ? collection : `${collection} / ${partition}`;
}

/** The rest of it, where the name alone does not tell. */
export function streamPlace({ zone, lane }: Pick<Stream, "zone" | "lane">): string {
  return `zone ${zone}, lane ${lane}`;
}
