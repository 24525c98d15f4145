import type { DescMethod } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { createContextKey } from "@connectrpc/connect";
import { Effect } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import { hubTenant } from "@foedus/kernel/tenant.ts";
import type { AuditWriter } from "../audit.ts";
import { callerKey } from "../caller.ts";
import type { Peer } from "../listen/peer.ts";
import type { Meters } from "../meters.ts";
import type { Door, Guard, GuardCall } from "./guard.ts";
import { runGuards } from "./guard.ts";
import type { Rpc } from "./rpc.ts";

/** What a listener knows of a call besides its headers. */
export interface Arrival {
  readonly door: Door;
  readonly address: string;
  readonly host: string | undefined;
  readonly peer: Peer | undefined;
}

/** Where a listener leaves it. */
export const arrivalKey = createContextKey<Arrival | undefined>(undefined, {
  description: "arrival",
});

/** Where the gate leaves the call it let pass, for the wrappers of streams. */
export const guardCallKey = createContextKey<GuardCall | undefined>(undefined, {
  description: "guard call",
});

/** What the gate tells of refusals. */
export interface GateKit {
  readonly guards: readonly Guard[];
  readonly meters: Meters;
  readonly audit: AuditWriter;
  rpcOf(method: DescMethod): Rpc;
}

/**
 * Takes a call through the guards before its body is read. Throws the Fault of the one that
 * refuses.
 */
export function passGuards(kit: GateKit, context: HandlerContext): void | Promise<void> {
  const arrival = context.values.get(arrivalKey);
  if (arrival === undefined) throw new Error("a call came by no listener");
  const call: GuardCall = {
    ...arrival,
    rpc: kit.rpcOf(context.method),
    header: context.requestHeader,
    answer: context.responseHeader,
    caller: context.values.get(callerKey),
  };
  const passed = () => {
    context.values.set(callerKey, call.caller);
    context.values.set(guardCallKey, call);
    noteFlow(kit, call);
  };
  const refused = (error: unknown): never => {
    if (error instanceof Fault) noteRefusal(kit, call, error);
    throw error;
  };
  try {
    const waits = runGuards(kit.guards, call);
    if (waits instanceof Promise) return waits.then(passed, refused);
  } catch (error) {
    return refused(error);
  }
  return passed();
}

/** The flows that each TLS session has begun. */
const flows = new WeakMap<Peer, Set<string>>();

/** A flow is audited once a session: who began it, and when. */
function noteFlow(kit: GateKit, { rpc, peer, caller }: GuardCall): void {
  if (rpc.policy.effect !== Effect.FLOW || peer === undefined || caller === undefined) return;
  const begun = flows.get(peer) ?? new Set();
  if (begun.has(rpc.name)) return;
  flows.set(peer, begun.add(rpc.name));
  kit.audit.began({ tenant: caller.tenant, caller: caller.id, method: rpc.name });
}

function noteRefusal(kit: GateKit, call: GuardCall, fault: Fault): void {
  const outcome = reasonName(fault.reason);
  kit.meters.refusal(outcome);
  kit.audit.refused({
    tenant: call.caller?.tenant ?? hubTenant,
    caller: call.caller?.id ?? `${call.door}/${call.address}`,
    method: call.rpc.name,
    requestId: "",
    outcome,
  });
}
