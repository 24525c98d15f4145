import type { HandlerContext } from "@connectrpc/connect";
import { ConnectError, createContextValues } from "@connectrpc/connect";
import type { ConnectNodeAdapterOptions } from "@connectrpc/connect-node";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import type { Policy } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Audience } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { GateKit } from "../guards/gate.ts";
import { arrivalKey, passGuards } from "../guards/gate.ts";
import type { Arrival } from "../guards/gate.ts";
import type { Door } from "../guards/guard.ts";
import type { Registry, Served } from "../registry.ts";
import { failureOf, faultOfConnect } from "../wrap/outcome.ts";
import { dress, isDressed, toConnectError } from "../wrap/refusal.ts";
import type { WrapKit } from "../wrap/watch.ts";
import type { AnyRequest, AnyResponse } from "./exchanges.ts";
import { answerBytesMax } from "./limits.ts";

/** Answers one request. */
export type Answer = (request: AnyRequest, response: AnyResponse) => void;

/** What a listener serves calls with. */
export interface AdapterOptions {
  readonly door: Exclude<Door, "inside">;
  readonly registry: Registry;
  readonly gate: GateKit;
  readonly kit: WrapKit;
  readonly requestBytesMax: number;
  arrivalOf(request: AnyRequest): Arrival;
  /** Answers what is no call. */
  readonly fallback: Answer;
}

/** Serves the calls of a door. */
export interface Adapter {
  readonly answer: Answer;
  /** The method a path stands for, if the door serves it. */
  find(path: string): Served | undefined;
}

/** Whom a listener can prove its callers to be. */
const audiences: Record<AdapterOptions["door"], readonly Audience[]> = {
  node: [Audience.NODE, Audience.HUB],
  join: [Audience.JOINER],
  web: [Audience.PERSON, Audience.OPERATOR, Audience.AGENT, Audience.VISITOR],
};

/** Mounts every method that the door can meet an audience of; again whenever a service comes. */
export function openAdapter(options: AdapterOptions): Adapter {
  const build = () => mount(options);
  let mounted = build();
  options.registry.changed(() => (mounted = build()));
  return {
    answer(request, response) {
      try {
        mounted.answer(request, response);
      } catch {
        // Headers that no URL or Headers object can be made of.
        response.statusCode = badRequest;
        response.end();
      }
    },
    find: (path) => mounted.paths.get(path),
  };
}

const badRequest = 400;

/** Whether a door serves a method of that policy. */
export function serves(door: AdapterOptions["door"], policy: Policy): boolean {
  return policy.audience.some((audience) => audiences[door].includes(audience));
}

function mount(options: AdapterOptions): { answer: Answer; paths: Map<string, Served> } {
  const { door, registry, fallback } = options;
  const served = registry.all().filter(({ rpc }) => serves(door, rpc.policy));
  const answer = connectNodeAdapter({
    routes(router) {
      for (const { spec } of served) router.rpc(spec.method, spec.impl as never);
    },
    requestGate: gateOf(options),
    contextValues: (request) => createContextValues().set(arrivalKey, options.arrivalOf(request)),
    fallback: fallback as NonNullable<ConnectNodeAdapterOptions["fallback"]>,
    acceptCompression: [],
    readMaxBytes: options.requestBytesMax,
    writeMaxBytes: answerBytesMax,
  });
  return { answer, paths: new Map(served.map((one) => [`/${one.rpc.name}`, one])) };
}

function gateOf({ gate, kit }: AdapterOptions): (context: HandlerContext) => void | Promise<void> {
  const told = (error: unknown, context: HandlerContext): never => {
    const failure = failureOf(error, kit, gate.rpcOf(context.method).name);
    throw failure === "gone" ? error : toConnectError(failure);
  };
  return (context) => {
    dressOwnErrors(context);
    try {
      const waits = passGuards(gate, context);
      return waits?.catch((error: unknown) => told(error, context));
    } catch (error) {
      return told(error, context);
    }
  };
}

/**
 * Gives what Connect raises by itself (unreadable bytes, sizes, deadlines) our reasons. Connect aborts
 * the call's signal with such an error right before it sends it: the one place that sees them all,
 * whichever the protocol.
 */
function dressOwnErrors({ signal }: HandlerContext): void {
  const look = () => {
    const error: unknown = signal.reason;
    if (!(error instanceof ConnectError) || isDressed(error)) return;
    const fault = faultOfConnect(error);
    if (fault instanceof Fault) dress(error, fault);
  };
  signal.addEventListener("abort", look, { once: true });
}
