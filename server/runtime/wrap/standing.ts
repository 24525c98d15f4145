import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { utcText } from "@foedus/kernel/time.ts";
import { secretOf } from "../guards/authenticate.ts";
import { authorize } from "../guards/authorize.ts";
import type { GuardCall } from "../guards/guard.ts";
import type { WrapKit } from "./watch.ts";

/** Throws when the caller of a stream may no longer go on; asked for each message. */
export type Standing = () => void | Promise<void>;

/** A session is looked up in the database, so not for each message. */
const personAgainMs = 10_000;

/** Whether certificate, identity, role or session behind a stream still hold. */
export function standingOf(kit: WrapKit, call: GuardCall): Standing {
  const stands = callerStands(kit, call);
  const { caller, door } = call;
  if (caller === undefined || door === "inside") return stands;
  return () => {
    kit.served.require(caller.tenant);
    return stands();
  };
}

function callerStands(kit: WrapKit, call: GuardCall): Standing {
  if (call.caller?.kind === "node") return () => nodeStands(kit, call);
  if (call.caller?.kind === "peer") return () => peerStands(kit, call);
  if (call.caller?.kind === "agent") return () => agentStands(kit, call);
  if (call.caller?.kind !== "person") return () => undefined;
  let checkedMs = kit.world.clock.monotonic();
  return () => {
    const nowMs = kit.world.clock.monotonic();
    if (nowMs - checkedMs < personAgainMs) return undefined;
    checkedMs = nowMs;
    return personStands(kit, call);
  };
}

function nodeStands(kit: WrapKit, call: GuardCall): void {
  const { caller, peer, door } = call;
  if (caller?.kind !== "node" || door === "inside") return;
  const { certificateSerial: serial, certificateExpireMs } = caller;
  if (kit.world.clock.now() >= certificateExpireMs) {
    throw new Fault(Reason.CERTIFICATE_EXPIRED, { serial, time: utcText(certificateExpireMs) });
  }
  if (peer !== undefined) requireRole(call, kit.authenticators().node?.(peer) ?? caller);
}

/** What a caller may do can change while its stream is open. @throws Fault NOT_ALLOWED */
function requireRole(call: GuardCall, now: Caller): void {
  if (now.role < call.rpc.policy.leastRole) void authorize({ ...call, caller: now });
}

/** Trusted, and with a certificate that still holds. */
function peerStands(kit: WrapKit, { peer }: GuardCall): void {
  if (peer !== undefined) kit.authenticators().node?.(peer);
}

/** As long as its newest token lasts, and its node is let in. */
function agentStands(kit: WrapKit, call: GuardCall): void {
  const { caller, peer } = call;
  if (caller?.kind !== "agent" || peer === undefined) return;
  const { node, agents } = kit.authenticators();
  const owner = node?.(peer) ?? caller;
  agents?.requireStanding(peer, caller);
  requireRole(call, { ...caller, role: Math.min(caller.role, owner.role) });
}

async function personStands(kit: WrapKit, call: GuardCall): Promise<void> {
  const secret = secretOf(call.header);
  if (secret === undefined) return;
  const found = await kit.authenticators().person?.(secret);
  if (found === undefined) throw new Fault(Reason.SESSION_ENDED);
  requireRole(call, found);
}
