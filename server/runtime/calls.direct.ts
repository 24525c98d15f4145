import type { DescMethod, DescService, Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { CallOptions, Client, MethodImplSpec } from "@connectrpc/connect";
import { ConnectError, createContextValues, createHandlerContext } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { callerKey } from "./caller.ts";
import type { Calls } from "./calls.ts";
import type { GateKit } from "./guards/gate.ts";
import { arrivalKey, passGuards } from "./guards/gate.ts";
import type { Registry } from "./registry.ts";
import { callSignal } from "./underway.ts";

interface Ask {
  readonly kit: GateKit;
  readonly registry: Registry;
  readonly caller: Caller;
  readonly signal: AbortSignal | undefined;
}

/** Asks by calling the wrapped implementation itself, after the same guards: nothing is encoded. */
export function directCalls(kit: GateKit, registry: Registry): Calls {
  return {
    as<Desc extends DescService>(service: Desc, caller: Caller, signal?: AbortSignal) {
      const ask = { kit, registry, caller, signal };
      const methods = service.methods.map((method) => [method.localName, asking(ask, method)]);
      return Object.fromEntries(methods) as Client<Desc>;
    },
  };
}

function asking(ask: Ask, method: DescMethod): unknown {
  switch (method.methodKind) {
    case "unary":
      return (input: Message, options?: CallOptions) => askUnary(ask, method, input, options);
    case "server_streaming":
      return (input: Message, options?: CallOptions) => askStream(ask, method, input, options);
    case "bidi_streaming":
      return (input: AsyncIterable<Message>, options?: CallOptions) =>
        askTwoWay(ask, method, input, options);
    default:
      return () => {
        throw new Error(`${method.name} takes a stream, which is not asked inside: offer a batch`);
      };
  }
}

async function askUnary(
  ask: Ask,
  method: DescMethod,
  input: Message,
  options?: CallOptions,
): Promise<Message> {
  const { spec, context } = open(ask, method, options);
  if (spec.kind !== "unary") throw new Error(`${method.name} is not unary`);
  try {
    await passGuards(ask.kit, context);
    return create(method.output, await spec.impl(create(method.input, input), context));
  } catch (error) {
    throw asFault(error);
  } finally {
    context.abort();
  }
}

async function* askStream(
  ask: Ask,
  method: DescMethod,
  input: Message,
  options?: CallOptions,
): AsyncGenerator<Message, void, void> {
  const { spec, context } = open(ask, method, options);
  if (spec.kind !== "server_streaming") throw new Error(`${method.name} answers with no stream`);
  try {
    await passGuards(ask.kit, context);
    for await (const item of spec.impl(create(method.input, input), context)) {
      yield create(method.output, item);
    }
  } catch (error) {
    throw asFault(error);
  } finally {
    context.abort();
  }
}

async function* askTwoWay(
  ask: Ask,
  method: DescMethod,
  inputs: AsyncIterable<Message>,
  options?: CallOptions,
): AsyncGenerator<Message, void, void> {
  const { spec, context } = open(ask, method, options);
  if (spec.kind !== "bidi_streaming") throw new Error(`${method.name} takes no stream`);
  try {
    await passGuards(ask.kit, context);
    for await (const item of spec.impl(inputs as AsyncIterable<never>, context)) {
      yield create(method.output, item);
    }
  } catch (error) {
    throw asFault(error);
  } finally {
    context.abort();
  }
}

interface OpenAsk {
  readonly spec: MethodImplSpec;
  readonly context: ReturnType<typeof createHandlerContext>;
}

function open(ask: Ask, method: DescMethod, options: CallOptions = {}): OpenAsk {
  const served = ask.registry.find(method);
  const name = `${method.parent.typeName}/${method.name}`;
  if (served === undefined) throw new Fault(Reason.NOT_SERVED, { method: name });
  const values = createContextValues()
    .set(callerKey, ask.caller)
    .set(arrivalKey, { door: "inside", address: "inside", host: undefined, peer: undefined });
  const context = createHandlerContext({
    service: method.parent,
    method,
    protocolName: "inside",
    requestMethod: "ASK",
    url: `inside:/${name}`,
    timeoutMs: options.timeoutMs,
    requestSignal: options.signal ?? ask.signal ?? callSignal(),
    requestHeader: options.headers,
    contextValues: values,
  });
  return { spec: served.spec, context };
}

/** Whoever asks inside sees the fault itself, and may let it fly on to its own caller. */
function asFault(error: unknown): unknown {
  return error instanceof ConnectError && error.cause instanceof Fault ? error.cause : error;
}
