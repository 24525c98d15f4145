import { create, equals } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import {
  NodeRegisteredSchema,
  NodeRetiredSchema,
  NodeStateChangedSchema,
} from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import type { Node, NodeProfile, Place } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import type { Change } from "@foedus/kernel/change.ts";
import { fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Pulse, Terms } from "./liveness.ts";
import { derivedState, reasonsOf, stateOf } from "./liveness.ts";

/** A node as it stands, and its last heartbeat. */
export interface Seen {
  readonly node: Node;
  readonly pulse: Pulse | undefined;
}

/** What a node tells of itself, and the place it gets if it has none. */
export interface Registration {
  readonly profile: NodeProfile;
  readonly place: Place | undefined;
}

/** Whose identity it is and what it tells of itself; told again only when something is new. */
export function register(
  known: Seen | undefined,
  identity: Identity,
  { profile, place }: Registration,
  nowMs: number,
): Change<Node> {
  if (known?.node.state === NodeState.RETIRED) throw retiredFault(known.node);
  if (identity.revokeTime !== undefined) {
    const why = `revoked: ${identity.revokeReason}`;
    throw new Fault(Reason.NODE_RETIRED, { node: identity.name, why });
  }
  const { name, role, spiffeId } = identity;
  const node = known?.node ?? newNode(identity, nowMs);
  const next = { ...node, name, role, spiffeId, profile, place: node.place ?? place };
  const told = known !== undefined && equals(NodeSchema, node, next);
  const facts = told ? [] : [fact(NodeRegisteredSchema, next.id, { node: next })];
  return { next, facts };
}

/** Begins or ends maintenance; nothing happens when it is so already. */
export function setMaintenance(
  seen: Seen,
  caller: Caller,
  wish: { readonly on: boolean; readonly reason: string },
  terms: Terms,
): Change<Node> {
  const { node, pulse } = seen;
  mayChange(node, caller, "foedus.node.v1.NodeService/SetMaintenance");
  if (node.state === NodeState.RETIRED) throw retiredFault(node);
  if (wish.on === (node.state === NodeState.MAINTENANCE)) return { next: node, facts: [] };
  if (wish.on) {
    const reasons = wish.reason === "" ? [] : [wish.reason];
    return stateChange(node, NodeState.MAINTENANCE, reasons, terms.nowMs);
  }
  // Nobody watched its lease meanwhile: it must hold now, whatever the hub may be excused for.
  const state = derivedState(NodeState.OFFLINE, pulse, terms);
  return stateChange(node, state, reasonsOf(state, pulse), terms.nowMs);
}

/** Takes a node out for good; again is no change. */
export function retire(node: Node, caller: Caller, reason: string, nowMs: number): Change<Node> {
  mayChange(node, caller, "foedus.node.v1.NodeService/RetireNode");
  if (node.state === NodeState.RETIRED) return { next: node, facts: [] };
  const { next } = stateChange(node, NodeState.RETIRED, [reason || `by ${caller.id}`], nowMs);
  return { next, facts: [fact(NodeRetiredSchema, next.id, { node: next })] };
}

/**
 * What a revoked identity means for its node. It tells no `node.retired`: identity would hear that
 * and revoke, and the two would answer each other.
 */
export function retireRevoked(node: Node, reason: string, nowMs: number): Change<Node> {
  if (node.state === NodeState.RETIRED) return { next: node, facts: [] };
  return stateChange(node, NodeState.RETIRED, [`revoked: ${reason}`], nowMs);
}

/** How a node stands now, by its lease; undefined when that is what was told already. */
export function settle({ node, pulse }: Seen, terms: Terms): Change<Node> | undefined {
  const state = stateOf(node.state, pulse, terms);
  if (state === node.state) return undefined;
  return stateChange(node, state, reasonsOf(state, pulse), terms.nowMs);
}

/** The fault of whoever still acts for a node that is out. */
export function retiredFault(node: Node): Fault {
  const why = node.stateReasons.join("; ");
  return new Fault(Reason.NODE_RETIRED, { node: node.name, why });
}

function newNode(identity: Identity, nowMs: number): Node {
  const time = timestampFromMs(nowMs);
  return create(NodeSchema, {
    id: identity.nodeId,
    state: NodeState.OFFLINE,
    stateTime: time,
    stateReasons: reasonsOf(NodeState.OFFLINE, undefined),
    createTime: time,
  });
}

/** An admin of the tenant may, and the node itself. */
function mayChange(node: Node, caller: Caller, method: string): void {
  if (caller.kind === "node") {
    if (caller.nodeId !== node.id) throw new Fault(Reason.NOT_YOURS, { object: node.name });
    return;
  }
  if (caller.role >= Role.ADMIN) return;
  const needs = "an admin, or the node itself";
  throw new Fault(Reason.NOT_ALLOWED, { method, needs, caller: caller.id });
}

function stateChange(node: Node, state: NodeState, reasons: string[], nowMs: number): Change<Node> {
  const next = { ...node, state, stateReasons: reasons, stateTime: timestampFromMs(nowMs) };
  const facts = [fact(NodeStateChangedSchema, node.id, { node: next, was: node.state })];
  return { next, facts };
}
