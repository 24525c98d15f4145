import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";

const words: Readonly<Record<Refusal, string>> = {
  [Refusal.UNSPECIFIED]: "not refused",
  [Refusal.MALFORMED]: "its bytes are not an op",
  [Refusal.KIND_UNKNOWN]: "a kind this hub does not know",
  [Refusal.KIND_CLASH]: "the field holds values of another kind",
  [Refusal.TOO_LARGE]: "larger than this hub takes",
  [Refusal.CLOCK_AHEAD]: "its clock is too far ahead of the hub's",
  [Refusal.SIBLINGS_MAX]: "too many concurrent values; resolve them first",
  [Refusal.ZONE]: "it does not stand in the stream's zone",
  [Refusal.REPLICA_EXPIRED]: "its key is older than duplicates are remembered",
  [Refusal.STREAM_FULL]: "the stream has no number left",
  [Refusal.NOT_OPEN]: "it has not opened the stream",
  [Refusal.SCHEMA]: "a revision of the schema this hub does not take",
  [Refusal.NOT_DECLARED]: "the collection is declared, and not with this partition, zone or lane",
  [Refusal.SIGNATURE]: "another's op whose signature does not hold",
  [Refusal.READ_ONLY]: "it may read and not write",
  [Refusal.UNWRITTEN_MAX]: "too many streams are followed that nobody has written to",
  [Refusal.SUM_MAX]: "the counter is as far from zero as it may go",
  [Refusal.REFUSED_MAX]: "too many of its writes were refused",
};

/** Why something was not taken. */
export function refusalText(refusal: Refusal): string {
  return words[refusal] ?? "for a reason this page does not know";
}
