import { create } from "@bufbuild/protobuf";
import type { Segment } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import {
  CarriedSchema,
  type Carried,
  type PeerStanding,
  type SignedMembership,
} from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { dotKey } from "@foedus/kernel/sync/dot.ts";
import type { Carriage, Hold } from "@foedus/kernel/sync/hold.ts";
import { headerOf, signSegment } from "@foedus/kernel/sync/segment.ts";
import type { PeerGround } from "./ground.ts";
import { carriedBytesMax, carriedMax, signedOpsMax } from "./limits.ts";
import { givers, keyOf } from "./standing.ts";

/** Where the memberships of authors are known. */
export interface Authors {
  of(nodeId: string): SignedMembership | undefined;
}

/** Ops that are given under one signature. */
interface Run {
  readonly hold: Hold;
  readonly replica: string;
  readonly ctrFrom: number;
  readonly ops: Uint8Array[];
  /** Undefined for this node's own, which it signs itself. */
  readonly segment: Segment | undefined;
}

/** What the other node lacks and this one can give, as much as one message takes. */
export function offerFor(
  ground: PeerGround,
  zones: ReadonlySet<string>,
  theirs: readonly PeerStanding[],
  authors: Authors,
): Carried[] {
  const carried: Carried[] = [];
  let bytes = 0;
  for (const run of runsFor(ground, zones, theirs)) {
    const one = signed(ground, run, authors);
    if (one === undefined) continue;
    bytes += sizeOf(one);
    if (carried.length >= carriedMax || (carried.length > 0 && bytes > carriedBytesMax)) break;
    carried.push(one);
  }
  return carried;
}

function* runsFor(
  ground: PeerGround,
  zones: ReadonlySet<string>,
  theirs: readonly PeerStanding[],
): Generator<Run> {
  for (const standing of theirs) {
    const hold = ground.holds().get(keyOf(ground, standing));
    if (hold === undefined || !zones.has(hold.stream.zone)) continue;
    for (const replica of givers(ground, hold)) {
      const known = standing.ctrs[replica];
      // What they did not name they have not been asked about yet.
      if (known !== undefined) yield* runsAfter(ground, hold, replica, known);
    }
  }
}

function* runsAfter(
  ground: PeerGround,
  hold: Hold,
  replica: string,
  known: number,
): Generator<Run> {
  const opAt = (ctr: number) => hold.ops.get(dotKey({ replica, ctr }));
  for (let ctr = known + 1; ;) {
    const first = opAt(ctr);
    if (first === undefined) return;
    const isOwn = replica === ground.replica;
    if (!isOwn && first.segment === undefined) return;
    const ops = together(first, opAt);
    yield { hold, replica, ctrFrom: ctr, ops, segment: isOwn ? undefined : first.segment };
    ctr += ops.length;
  }
}

/** Those after the first that go under the same signature. */
function together(first: Carriage, opAt: (ctr: number) => Carriage | undefined): Uint8Array[] {
  const ops = [first.bytes];
  let bytes = first.bytes.length;
  while (ops.length < signedOpsMax) {
    const next = opAt(first.ctr + ops.length);
    if (next === undefined || next.segment !== first.segment) break;
    bytes += next.bytes.length;
    if (bytes > carriedBytesMax) break;
    ops.push(next.bytes);
  }
  return ops;
}

function signed(ground: PeerGround, run: Run, authors: Authors): Carried | undefined {
  const { hold, replica, ctrFrom, ops } = run;
  const { tenant, nodeId, identity } = ground;
  const subject = { tenant, stream: hold.stream, replica, nodeId, ctrFrom };
  const segment = run.segment ?? signSegment(identity, subject, ops);
  const author = authors.of(headerOf(segment)?.nodeId ?? "");
  return author && create(CarriedSchema, { segment, author, ctrFrom, ops });
}

function sizeOf({ segment, author, ops }: Carried): number {
  const own = (segment?.header.length ?? 0) + (author?.membership.length ?? 0);
  return ops.reduce((sum, op) => sum + op.length, own);
}
