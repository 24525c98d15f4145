import { create } from "@bufbuild/protobuf";
import { durationMs, timestampFromMs, timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { JoinToken } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { JoinTokenSchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { CreateTokenRequest } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import type { Change } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { utcText } from "@foedus/kernel/time.ts";

/** How long a token admits unless told otherwise. */
export const tokenMs = 15 * 60_000;

/** A token's secret half, in bytes. */
export const secretBytes = 32;

/** A new token, as the request wants it. */
export function makeToken(
  caller: Caller,
  request: CreateTokenRequest,
  id: string,
  nowMs: number,
): JoinToken {
  const lifetimeMs = request.lifetime === undefined ? tokenMs : durationMs(request.lifetime);
  return create(JoinTokenSchema, {
    id,
    name: request.name,
    role: request.role === Role.UNSPECIFIED ? Role.MEMBER : request.role,
    createdBy: caller.kind === "person" ? caller.personId : caller.id,
    createTime: timestampFromMs(nowMs),
    expireTime: timestampFromMs(nowMs + lifetimeMs),
  });
}

/** Ends an unused token. A cancelled one stays so; a used one cannot be taken back. */
export function cancel(token: JoinToken, nowMs: number): Change<JoinToken> {
  if (token.cancelled) return { next: token, facts: [] };
  if (token.endTime !== undefined) throw refusal(token, nowMs);
  return { next: { ...token, endTime: timestampFromMs(nowMs), cancelled: true }, facts: [] };
}

/** Whether the token still admits somebody. */
export function isOpen(token: JoinToken, nowMs: number): boolean {
  return token.endTime === undefined && msOf(token.expireTime) > nowMs;
}

/** Why a token that is not open admits nobody. */
export function refusal(token: JoinToken, nowMs: number): Fault {
  const ended = { token_id: token.id, time: utcText(msOf(token.endTime)) };
  if (token.cancelled) return new Fault(Reason.TOKEN_CANCELLED, ended);
  if (token.endTime !== undefined) {
    return new Fault(Reason.TOKEN_USED, { ...ended, node_id: token.nodeId });
  }
  const expireMs = msOf(token.expireTime);
  if (expireMs > nowMs) throw new Error(`token ${token.id} is open`);
  return new Fault(Reason.TOKEN_EXPIRED, { token_id: token.id, time: utcText(expireMs) });
}

/** The name a joiner gets: the token's, else the one it wants, else one made from its id. */
export function admittedName(token: JoinToken, wanted: string, nodeId: string): string {
  if (token.name !== "" && wanted !== "" && wanted !== token.name) {
    const facts = { token_id: token.id, allowed: token.name, name: wanted };
    throw new Fault(Reason.NAME_NOT_ALLOWED, facts);
  }
  return nameOf(token.name || wanted, nodeId);
}

/** A name, or one made from the id for whoever wants none. */
export function nameOf(wanted: string, nodeId: string): string {
  const letters = 8;
  return wanted || `node-${nodeId.slice(-letters)}`;
}

function msOf(time: Timestamp | undefined): number {
  return time === undefined ? 0 : timestampMs(time);
}
