import { InvalidArgumentError } from "commander";
import type { Dot, Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { parseStream } from "@foedus/kernel/sync/stream.ts";

/** How a stream is written, for help and failures. */
export const streamForm = "COLLECTION[/PARTITION][@ZONE][:LANE]";

/** Reads a stream for commander. */
export function readStream(text: string): Stream {
  const stream = parseStream(text);
  if (stream !== undefined) return stream;
  throw new InvalidArgumentError(
    `A stream is ${streamForm}, e.g. notes, notes/berlin or notes@eu:1; without them it is in zone world and lane 2.`,
  );
}

const name = /^[a-z0-9][a-z0-9_-]{0,63}$/u;

/** Reads the name of a collection or a zone for commander. */
export function readNoun(text: string): string {
  if (name.test(text)) return text;
  throw new InvalidArgumentError("A name is up to 64 of a-z, 0-9, hyphen and underscore.");
}

const part = /^[a-z0-9][a-z0-9_.-]{0,63}$/u;

/** Reads one of many parts for commander. */
export function readPartition(text: string, before: readonly string[] = []): readonly string[] {
  if (part.test(text)) return [...before, text];
  throw new InvalidArgumentError("A part is up to 64 of a-z, 0-9, hyphen, underscore and dot.");
}

const laneMax = 3;

/** Reads a lane for commander. */
export function readLane(text: string): number {
  const lane = Number(text);
  if (/^\d$/u.test(text) && lane <= laneMax) return lane;
  throw new InvalidArgumentError("A lane is 0 (before all others), 1, 2 or 3.");
}

const revisionMax = 2 ** 32 - 1;

/** Reads a schema revision for commander. */
export function readRevision(text: string): number {
  const revision = Number(text);
  if (/^\d{1,10}$/u.test(text) && revision <= revisionMax) return revision;
  throw new InvalidArgumentError("A revision is a whole number from 0.");
}

const dot = /^(?<replica>.{1,64}):(?<ctr>[1-9]\d{0,9})$/u;

/** Reads the name of an op for commander. */
export function readDot(text: string): Pick<Dot, "replica" | "ctr"> {
  const { replica, ctr } = dot.exec(text)?.groups ?? {};
  if (replica !== undefined) return { replica, ctr: Number(ctr) };
  throw new InvalidArgumentError(
    "An op is REPLICA:NUMBER, as `foedus sync conflicts explain` shows it.",
  );
}
