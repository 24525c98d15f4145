import type { EventRefused } from "@foedus/gen/foedus/event/v1/event_event_pb.js";

/** So many refused batches within the window cut a node off: one may be a slip, three are not. */
export const breachMax = 3;

/** How long a refused batch counts against its node. */
export const breachMs = 600_000;

/** Cursors that are kept as evidence. */
export const evidenceMax = 16;

/** Batches that were forged, signed with nobody's key, or told in somebody else's name. */
const breaches: ReadonlySet<string> = new Set([
  "EVENT_SIGNATURE_INVALID",
  "EVENT_KEY_UNKNOWN",
  "NOT_YOURS",
]);

/** A refusal as it stands in the event log. */
export interface Breach {
  readonly nodeId: string;
  readonly cursor: bigint;
  readonly timeMs: number;
  readonly batches: bigint;
}

/** What a refusal counts; undefined when it is none that an honest node never gets. */
export function breachOf(
  { nodeId, reason, batches }: EventRefused,
  cursor: bigint,
  timeMs: number,
): Breach | undefined {
  return breaches.has(reason) ? { nodeId, cursor, timeMs, batches } : undefined;
}

/** The evidence against a node once it is enough; undefined before. */
export function evidenceIn(counted: readonly Breach[], nowMs: number): bigint[] | undefined {
  const recent = counted.filter(({ timeMs }) => timeMs > nowMs - breachMs);
  const batches = recent.reduce((sum, breach) => sum + breach.batches, 0n);
  if (batches < breachMax) return undefined;
  return recent.slice(-evidenceMax).map(({ cursor }) => cursor);
}

/**
 * The request_id of the quarantine that evidence leads to. Evidence weighed again later may be
 * less, since breaches grow old: that is another request, not the same with other words.
 */
export function quarantineId(cursors: readonly bigint[]): string {
  return `quarantine-${cursors.at(0)}-${cursors.at(-1)}`;
}
