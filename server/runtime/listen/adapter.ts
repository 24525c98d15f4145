import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import { ConnectError, createConnectRouter, createContextValues } from "@connectrpc/connect";
import {
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from "@connectrpc/connect-node";
import type { Policy } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Audience } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { GateKit } from "../guards/gate.ts";
import { arrivalKey, passGuards } from "../guards/gate.ts";
import type { Arrival } from "../guards/gate.ts";
import { isForAnybody } from "../guards/authorize.ts";
import type { Door } from "../guards/guard.ts";
import type { Registry, Served } from "../registry.ts";
import { failureOf, faultOfConnect } from "../wrap/outcome.ts";
import { dress, isDressed, toConnectError } from "../wrap/refusal.ts";
import type { WrapKit } from "../wrap/watch.ts";
import { bodyOf } from "./body.ts";
import type { AnyRequest, AnyResponse } from "./exchanges.ts";
import { answerBytesMax, jsonBytesMax, strangerBytesMax } from "./limits.ts";

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
  /** The method that is asked for, if the door serves it. */
  find(request: AnyRequest): Served | undefined;
}

/** Whom a listener can prove its callers to be. */
const audiences: Record<AdapterOptions["door"], readonly Audience[]> = {
  node: [Audience.NODE, Audience.AGENT, Audience.HUB],
  join: [Audience.JOINER],
  web: [Audience.PERSON, Audience.OPERATOR, Audience.VISITOR],
};

/**
 * Mounts every method that the door can meet an audience of; again whenever a service comes. This
 * is connect-node's own adapter, but for what it does with a client that hangs up (it writes to
 * stderr), and with a body that it leaves unread.
 */
export function openAdapter(options: AdapterOptions): Adapter {
  const build = () => mount(options);
  let mounted = build();
  options.registry.changed(() => (mounted = build()));
  return {
    answer(request, response) {
      const isJson = /json/i.test(request.headers["content-type"] ?? "");
      const handle = (isJson ? mounted.json : mounted.binary).get(pathOf(request));
      if (handle === undefined) return options.fallback(request, response);
      try {
        answerCall(options, handle, request, response);
      } catch {
        // Headers that no URL or Headers object can be made of.
        response.statusCode = badRequest;
        response.end();
      }
    },
    find: (request) => mounted.served.get(pathOf(request)),
  };
}

const badRequest = 400;

/** Whether a door serves a method of that policy. */
export function serves(door: AdapterOptions["door"], policy: Policy): boolean {
  return policy.audience.some((audience) => audiences[door].includes(audience));
}

type Handle = ConnectRouter["handlers"][number];

interface Mounted {
  readonly served: ReadonlyMap<string, Served>;
  readonly binary: ReadonlyMap<string, Handle>;
  /** The same with the limit of JSON. */
  readonly json: ReadonlyMap<string, Handle>;
}

function mount(options: AdapterOptions): Mounted {
  const { door, registry } = options;
  const served = registry.all().filter(({ rpc }) => serves(door, rpc.policy));
  return {
    served: new Map(served.map((one) => [`/${one.rpc.name}`, one])),
    binary: handlesOf(options, served, false),
    json: handlesOf(options, served, true),
  };
}

/** The largest request of a method, by what it is written in and who may call it. */
export function readBytesMax(
  { requestBytesMax }: Pick<AdapterOptions, "requestBytesMax">,
  policy: Policy,
  isJson: boolean,
): number {
  const most = isJson ? Math.min(requestBytesMax, jsonBytesMax) : requestBytesMax;
  return isForAnybody(policy) ? Math.min(most, strangerBytesMax) : most;
}

function handlesOf(
  options: AdapterOptions,
  served: readonly Served[],
  isJson: boolean,
): Map<string, Handle> {
  const requestGate = gateOf(options);
  const router = createConnectRouter({
    requestGate,
    acceptCompression: [],
    writeMaxBytes: answerBytesMax,
  });
  for (const { spec, rpc } of served) {
    const readMaxBytes = readBytesMax(options, rpc.policy, isJson);
    router.rpc(spec.method, spec.impl as never, { readMaxBytes });
  }
  return new Map(router.handlers.map((handle) => [handle.requestPath, handle]));
}

function answerCall(
  { kit, arrivalOf }: AdapterOptions,
  handle: Handle,
  request: AnyRequest,
  response: AnyResponse,
): void {
  const values = createContextValues().set(arrivalKey, arrivalOf(request));
  const answer = response as NodeResponse;
  const call = universalRequestFromNodeRequest(request, answer, undefined, values);
  handle({ ...call, body: bodyOf(request, response, kit.world) })
    .then((universal) => universalResponseToNodeResponse(universal, answer))
    .catch((error: unknown) => {
      kit.log.debug("answer not delivered", { method: handle.method.name, error });
      response.destroy();
    });
}

type NodeResponse = Parameters<typeof universalResponseToNodeResponse>[1];

function pathOf(request: AnyRequest): string {
  return request.url?.split("?", 1)[0] ?? "";
}

/** What a caller is told whom a guard refused. */
export function refusalOf(
  { kit }: Pick<AdapterOptions, "kit">,
  error: unknown,
  method: string,
): unknown {
  const failure = failureOf(error, kit, method);
  return failure === "gone" ? error : toConnectError(failure);
}

function gateOf(options: AdapterOptions): (context: HandlerContext) => void | Promise<void> {
  const { gate } = options;
  const told = (error: unknown, context: HandlerContext): never => {
    throw refusalOf(options, error, gate.rpcOf(context.method).name);
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
 * Gives what Connect raises by itself (unreadable bytes, sizes, deadlines) our reasons. Connect
 * aborts the call's signal with such an error right before it sends it: the one place that sees
 * them all, whichever the protocol.
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
