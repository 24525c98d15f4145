import type { HandlerContext } from "@connectrpc/connect";
import { createContextKey } from "@connectrpc/connect";
import type {
  AgentCaller,
  Caller,
  NodeCaller,
  PeerCaller,
  PersonCaller,
} from "@foedus/kernel/caller.ts";

/** Where the authenticate guard leaves the caller. */
export const callerKey = createContextKey<Caller | undefined>(undefined, { description: "caller" });

/** Whoever stands behind the call. The guards ran before any handler, so there is one. */
export function callerOf(context: HandlerContext): Caller {
  const caller = context.values.get(callerKey);
  if (caller === undefined) throw new Error("a handler ran before the guards");
  return caller;
}

/** The calling node; the method's policy admits nobody else. */
export function nodeCallerOf(context: HandlerContext): NodeCaller {
  const caller = callerOf(context);
  if (caller.kind !== "node") throw new Error(`policy let a ${caller.kind} into a node's method`);
  return caller;
}

/** The calling agent; the method's policy admits nobody else. */
export function agentCallerOf(context: HandlerContext): AgentCaller {
  const caller = callerOf(context);
  if (caller.kind !== "agent")
    throw new Error(`policy let a ${caller.kind} into an agent's method`);
  return caller;
}

/** The calling hub of a peer; the method's policy admits nobody else. */
export function peerCallerOf(context: HandlerContext): PeerCaller {
  const caller = callerOf(context);
  if (caller.kind !== "peer") throw new Error(`policy let a ${caller.kind} into a peer's method`);
  return caller;
}

/** The calling person; the method's policy admits nobody else. */
export function personCallerOf(context: HandlerContext): PersonCaller {
  const caller = callerOf(context);
  if (caller.kind !== "person")
    throw new Error(`policy let a ${caller.kind} into a person's method`);
  return caller;
}
