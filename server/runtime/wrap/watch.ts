import type { HandlerContext } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import type { HubConfig } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Effect } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Fault } from "@foedus/kernel/fault.ts";
import { reasonName } from "@foedus/kernel/fault.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { AuditWriter } from "../audit.ts";
import type { Authenticators } from "../guards/authenticate.ts";
import { guardCallKey } from "../guards/gate.ts";
import type { GuardCall } from "../guards/guard.ts";
import type { RateTable } from "../guards/rates.ts";
import type { Rpc } from "../guards/rpc.ts";
import type { Log } from "../log.ts";
import type { Meters } from "../meters.ts";
import type { Served } from "../served.ts";
import type { OpenSpan } from "../spans.ts";
import { openSpan } from "../spans.ts";
import { failureOf } from "./outcome.ts";
import { toConnectError } from "./refusal.ts";

/** What wrapping an implementation takes. */
export interface WrapKit {
  readonly world: World;
  readonly log: Log;
  readonly meters: Meters;
  readonly audit: AuditWriter;
  readonly rates: RateTable;
  readonly served: Served;
  readonly draining: AbortSignal;
  config(): HubConfig;
  authenticators(): Authenticators;
}

/** One call under way. */
export interface Watch {
  readonly call: GuardCall;
  readonly span: OpenSpan;
  done(): void;
  /** Notes the failure and returns what the caller is told. */
  failed(error: unknown, requestId?: string): ConnectError;
}

/** Begins to measure and trace a call that has passed the guards. */
export function beginWatch(kit: WrapKit, rpc: Rpc, context: HandlerContext): Watch {
  const call = context.values.get(guardCallKey);
  if (call === undefined) throw new Error("an implementation ran before the guards");
  const { clock } = kit.world;
  const startMs = clock.monotonic();
  const facts = { "rpc.method": rpc.name, "foedus.caller": call.caller?.id ?? "" };
  const span = openSpan(rpc.name, facts, context.requestHeader.get("traceparent"));
  const finish = (code: string, error?: unknown) => {
    kit.meters.rpc(rpc.name, code, clock.monotonic() - startMs);
    span.end(error);
  };
  return {
    call,
    span,
    done: () => finish("ok"),
    failed(error, requestId = "") {
      const failure = span.run(() => failureOf(error, kit, rpc.name));
      if (failure === "gone") {
        finish("canceled", error);
        return new ConnectError("the caller has gone", Code.Canceled);
      }
      auditFailure(kit, call, failure, requestId);
      const told = toConnectError(failure);
      finish(reasonName(failure.reason), failure);
      return told;
    },
  };
}

/** Refused decisions are written down too; draining is no refusal of what was asked. */
function auditFailure(kit: WrapKit, call: GuardCall, fault: Fault, requestId: string): void {
  if (call.rpc.policy.effect !== Effect.WRITE || fault.reason === Reason.DRAINING) return;
  const { caller, rpc } = call;
  if (caller === undefined) return;
  const outcome = reasonName(fault.reason);
  kit.audit.refused({
    tenant: caller.tenant,
    caller: caller.id,
    method: rpc.name,
    requestId,
    outcome,
  });
}
