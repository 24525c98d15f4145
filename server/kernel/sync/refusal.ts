import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";

const texts: Readonly<Record<Refusal, string>> = {
  [Refusal.UNSPECIFIED]: "it is taken",
  [Refusal.MALFORMED]: "its bytes are not an op",
  [Refusal.KIND_UNKNOWN]: "it is of a kind that the hub does not know",
  [Refusal.KIND_CLASH]: "the field holds values of another kind",
  [Refusal.TOO_LARGE]: "it is larger than a hub takes",
  [Refusal.CLOCK_AHEAD]: "its clock is too far ahead of the hub's",
  [Refusal.SIBLINGS_MAX]: "the field holds too many concurrent values; resolve them first",
  [Refusal.ZONE]: "its zone is not one that both ends stand in",
  [Refusal.REPLICA_EXPIRED]: "its replica's key is older than duplicates are remembered",
  [Refusal.STREAM_FULL]: "the stream has no number left",
  [Refusal.NOT_OPEN]: "the stream is not open in its session",
  [Refusal.SCHEMA]: "it is of a schema revision that the collection does not take",
  [Refusal.NOT_DECLARED]: "the collection is declared, and not with this partition, zone or lane",
  [Refusal.SIGNATURE]: "its author's signature is missing or does not hold",
  [Refusal.READ_ONLY]: "its session may read and not write",
  [Refusal.UNWRITTEN_MAX]: "too many streams are followed that nobody has written to",
  [Refusal.SUM_MAX]: "the counter is as far from zero as it may go",
  [Refusal.REFUSED_MAX]: "too many ops of its replica were refused",
};

/** Why a hub does not take something, in words that go on a sentence. */
export function refusalText(refusal: Refusal): string {
  return texts[refusal] ?? "for a reason that this program does not know";
}
