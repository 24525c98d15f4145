import { create } from "@bufbuild/protobuf";
import { timestampFromMs, timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import type { JoinRequest } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { JoinRequestSchema, JoinRequestState } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { JoinRequestChangedSchema } from "@foedus/gen/foedus/access/v1/access_event_pb.js";
import { Reason, WaitingSchema } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Change } from "@foedus/kernel/change.ts";
import { fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { utcText } from "@foedus/kernel/time.ts";

/** How long a wish waits for an admin, and an approved one for its joiner. */
export const requestMs = 24 * 3_600_000;

/** Wishes that may wait: of one tenant, and of one address. */
export const waitingMax = 1_000;
export const waitingOfAddressMax = 20;

/** How exactly an admin sees when a joiner asked last; finer than this is not worth a write. */
const seenMs = 60_000;

/** What somebody asks for without a token. */
export interface Asking {
  readonly name: string;
  readonly identityKey: Uint8Array;
  readonly fingerprint: string;
  readonly address: string;
}

/** A wish that waits for an admin. */
export function ask(asking: Asking, id: string, nowMs: number): Change<JoinRequest> {
  const now = timestampFromMs(nowMs);
  const next = create(JoinRequestSchema, {
    ...asking,
    id,
    state: JoinRequestState.WAITING,
    role: Role.MEMBER,
    createTime: now,
    lastSeenTime: now,
    expireTime: timestampFromMs(nowMs + requestMs),
  });
  return { next, facts: [changed(next)] };
}

/** A wish asked again; undefined when it need not be written down. */
export function seenAgain(request: JoinRequest, nowMs: number): JoinRequest | undefined {
  if (nowMs - msOf(request.lastSeenTime) < seenMs) return undefined;
  return { ...request, lastSeenTime: timestampFromMs(nowMs) };
}

/** @throws Fault JOIN_QUEUE_FULL when one more would be one too many. */
export function requireRoom(waiting: number, ofAddress: number): void {
  const full = (limit: number, where: string) =>
    new Fault(Reason.JOIN_QUEUE_FULL, { limit, where });
  if (ofAddress >= waitingOfAddressMax) throw full(waitingOfAddressMax, "from this address");
  if (waiting >= waitingMax) throw full(waitingMax, "in this tenant");
}

/** @throws Fault JOIN_DENIED, JOIN_EXPIRED or KEY_JOINED for a wish that cannot go on. */
export function refuseEnded(request: JoinRequest, nowMs: number): void {
  const { id: join_request_id, state, reason: why, nodeId: node_id } = request;
  if (state === JoinRequestState.DENIED)
    throw new Fault(Reason.JOIN_DENIED, { join_request_id, why });
  if (state === JoinRequestState.JOINED) throw new Fault(Reason.KEY_JOINED, { node_id });
  if (state !== JoinRequestState.EXPIRED && !hasLapsed(request, nowMs)) return;
  throw new Fault(Reason.JOIN_EXPIRED, {
    join_request_id,
    time: utcText(msOf(request.expireTime)),
  });
}

/** What an admin decided, and who. */
export interface Deciding {
  readonly by: string;
  readonly nowMs: number;
}

/** Approves the wish whose fingerprint the admin compared; its joiner has a day to come for it. */
export function approve(
  request: JoinRequest,
  wish: { readonly fingerprint: string; readonly role: Role },
  { by, nowMs }: Deciding,
): Change<JoinRequest> {
  const { id: join_request_id, fingerprint } = request;
  if (wish.fingerprint !== fingerprint) {
    const facts = { join_request_id, fingerprint, given: wish.fingerprint };
    throw new Fault(Reason.FINGERPRINT_MISMATCH, facts);
  }
  requireUndecided(request, nowMs, [JoinRequestState.WAITING]);
  const role = wish.role === Role.UNSPECIFIED ? Role.MEMBER : wish.role;
  return decided(request, { state: JoinRequestState.APPROVED, role }, { by, nowMs });
}

/** Denies a wish, also one that was approved as long as its joiner did not come. */
export function deny(
  request: JoinRequest,
  reason: string,
  deciding: Deciding,
): Change<JoinRequest> {
  const open = [JoinRequestState.WAITING, JoinRequestState.APPROVED];
  requireUndecided(request, deciding.nowMs, open);
  return decided(request, { state: JoinRequestState.DENIED, reason }, deciding);
}

/** The joiner is a node. */
export function joined(request: JoinRequest, nodeId: string): Change<JoinRequest> {
  return settled({ ...request, state: JoinRequestState.JOINED, nodeId });
}

/** Nobody decided, or nobody came. */
export function expired(request: JoinRequest): Change<JoinRequest> {
  return settled({ ...request, state: JoinRequestState.EXPIRED });
}

/** Whether it waited, or stood approved, for too long. */
export function hasLapsed({ state, expireTime }: JoinRequest, nowMs: number): boolean {
  const open = state === JoinRequestState.WAITING || state === JoinRequestState.APPROVED;
  return open && msOf(expireTime) <= nowMs;
}

/** What a joiner that waits is told. */
export function waitingFor(request: JoinRequest, tenant: string) {
  return create(WaitingSchema, {
    waitingFor: "an admin's approval",
    whoCanEndIt: `an admin of the tenant ${tenant}`,
    sinceMs: BigInt(msOf(request.createTime)),
    command: `foedus access approve ${request.fingerprint}`,
  });
}

function decided(
  request: JoinRequest,
  change: Partial<JoinRequest>,
  { by, nowMs }: Deciding,
): Change<JoinRequest> {
  const decideTime = timestampFromMs(nowMs);
  const expireTime = timestampFromMs(nowMs + requestMs);
  return settled({ ...request, ...change, decideTime, expireTime, decidedBy: by });
}

function requireUndecided(request: JoinRequest, nowMs: number, open: JoinRequestState[]): void {
  const { id, state } = request;
  if (open.includes(state) && !hasLapsed(request, nowMs)) return;
  const lapsed = open.includes(state) ? JoinRequestState.EXPIRED : state;
  const facts = { join_request_id: id, state: JoinRequestState[lapsed].toLowerCase() };
  throw new Fault(Reason.JOIN_DECIDED, facts);
}

function settled(next: JoinRequest): Change<JoinRequest> {
  return { next, facts: [changed(next)] };
}

function changed({ id, name, fingerprint, state }: JoinRequest) {
  const told = { joinRequestId: id, name, fingerprint, state };
  return fact(JoinRequestChangedSchema, id, told);
}

function msOf(time: Timestamp | undefined): number {
  return time === undefined ? 0 : timestampMs(time);
}
