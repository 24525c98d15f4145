import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Session } from "../sync/hub.state.ts";
import type { Carriage, Hold } from "../sync/hold.ts";
import {
  areCovered,
  headerOf,
  isSegmentSigned,
  segmentOpsMax,
  signSegment,
} from "../sync/segment.ts";
import { newSigningKey, verifyingKey, type SigningKey } from "../signing.ts";

/** The keys of all who write, by replica. */
export type Signers = Map<string, SigningKey>;

/** What a replica hands to a peer of its own ops, signed: each run of them once. */
export function signed(
  signers: Signers,
  tenant: string,
  { stream }: Hold,
  ops: readonly Carriage[],
): Carriage[] {
  const [first] = ops;
  if (first === undefined) return [];
  const { replica } = first;
  const key = signers.get(replica) ?? newSigningKey();
  signers.set(replica, key);
  const runs: Carriage[][] = [];
  for (const op of ops) {
    const run = runs.at(-1);
    const goesOn = run?.at(-1)?.ctr === op.ctr - 1 && run.length < segmentOpsMax;
    if (run !== undefined && goesOn) run.push(op);
    else runs.push([op]);
  }
  return runs.flatMap((run) => {
    const subject = { tenant, stream, replica, nodeId: replica, ctrFrom: run[0]?.ctr ?? 0 };
    const bytes = run.map((op) => op.bytes);
    const segment = signSegment(key, subject, bytes);
    return run.map((op) => ({ ...op, segment }));
  });
}

/** Whether ops of another that a session brings are what their author signed. */
export function isCarriedRightly(
  signers: Signers,
  session: Session | undefined,
  { frame }: Frame,
): boolean {
  if (frame.case !== "push" || session?.peer !== "REPLICA") return true;
  const { replica, ctrFrom, ops, segments } = frame.value;
  const own = [...session.feeds.values()].some(({ hello }) => hello?.replica === replica);
  const key = signers.get(replica);
  if (own || session.feeds.size === 0) return true;
  const publicKey = key && verifyingKey(key.publicKey);
  if (publicKey === undefined) return false;
  const headers = segments.flatMap((segment) => {
    const header = headerOf(segment);
    const holds = header?.replica === replica && header.tenant === session.tenant;
    return holds && isSegmentSigned(segment, publicKey) ? [header] : [];
  });
  return areCovered(headers, ctrFrom, ops);
}
