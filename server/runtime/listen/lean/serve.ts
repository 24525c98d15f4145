import type { DescMessage, Message, MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { constants } from "node:http2";
import { Fault } from "@foedus/kernel/fault.ts";
import { encodedOf } from "../../encoded.ts";
import type { GateKit } from "../../guards/gate.ts";
import { passGuards } from "../../guards/gate.ts";
import { faultOfConnect } from "../../wrap/outcome.ts";
import { dress, isDressed } from "../../wrap/refusal.ts";
import { withinCall } from "../../underway.ts";
import type { WrapKit } from "../../wrap/watch.ts";
import { refusalOf } from "../adapter.ts";
import { answerError, answerOne, endAnswer, sendMessage } from "./answer.ts";
import type { LeanCall } from "./call.ts";
import { Intake } from "./intake.ts";
import { wireOf } from "./methods.ts";
import { Whole } from "./whole.ts";

/** What calls are served with. */
export interface ServeKit {
  readonly gate: GateKit;
  readonly kit: WrapKit;
}

/** Takes a call through the guards, and then to its implementation; never throws. */
export function serve(call: LeanCall, kit: ServeKit): void {
  try {
    const waits = passGuards(kit.gate, call.context);
    if (waits === undefined) void begin(call, kit);
    else {
      waits.then(
        () => begin(call, kit),
        (error: unknown) => refuse(call, kit, error),
      );
    }
  } catch (error) {
    refuse(call, kit, error);
  }
}

function refuse(call: LeanCall, kit: ServeKit, error: unknown): void {
  tell(call, kit, refusalOf(kit, error, call.method.served.rpc.name));
}

function begin(call: LeanCall, kit: ServeKit): Promise<void> {
  return withinCall(call.ending, () => run(call, kit));
}

async function run(call: LeanCall, kit: ServeKit): Promise<void> {
  try {
    await carryOut(call);
  } catch (error) {
    tell(call, kit, error);
  }
}

/** Answers with an error; where even that cannot be written the stream ends. */
function tell(call: LeanCall, { kit }: ServeKit, error: unknown): void {
  try {
    answerError(call, dressed(error));
  } catch (problem) {
    kit.log.debug("answer not delivered", { method: call.method.served.rpc.name, error: problem });
    call.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }
}

/** What Connect raises by itself gets our reasons; what nobody foresaw tells nothing. */
function dressed(error: unknown): ConnectError {
  if (!(error instanceof ConnectError)) {
    return new ConnectError("internal error", Code.Internal, undefined, undefined, error);
  }
  const fault = isDressed(error) ? undefined : faultOfConnect(error);
  if (fault instanceof Fault) dress(error, fault);
  return error;
}

async function carryOut(call: LeanCall): Promise<void> {
  const { context, method } = call;
  const { spec } = method.served;
  switch (spec.kind) {
    case "unary":
      return answerOne(call, whole(call, await spec.impl(await one(call), context)));
    case "client_streaming":
      return answerOne(call, whole(call, await spec.impl(many(call), context)));
    case "server_streaming":
      return await pump(call, spec.impl(await one(call), context));
    case "bidi_streaming":
      return await pump(call, spec.impl(many(call), context));
  }
}

type Out = MessageInitShape<DescMessage>;

/** Sends item by item, as fast as they are taken. */
async function pump(call: LeanCall, items: AsyncIterable<Out>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await iterator.next();
      if (step.done === true) break;
      if (call.isGone) return;
      sendMessage(call, whole(call, step.value));
      if (call.stream.writableNeedDrain) await call.drained();
    }
  } finally {
    // Not awaited: one that is still busy ends when it can.
    void iterator.return?.().catch(() => undefined);
  }
  endAnswer(call);
}

/** Implementations may leave out what is empty. */
function whole({ method, format }: LeanCall, answer: Out): Out {
  if (format.binary && encodedOf(answer) !== undefined) return answer;
  return create(method.served.rpc.method.output, answer);
}

function many(call: LeanCall): Intake<Message> {
  const { method, format, stream, timeoutError } = call;
  const { endFlag } = format;
  const intake = new Intake<Message>(stream, { ...wireOf(method, format).reading, endFlag });
  if (timeoutError !== undefined) intake.fail(timeoutError);
  call.read(intake);
  return intake;
}

async function one(call: LeanCall): Promise<Message> {
  if (call.timeoutError !== undefined) throw call.timeoutError;
  const message = await (call.format.enveloped
    ? onlyOne(many(call), call.method.served.spec.kind)
    : onlyBody(call));
  call.stopReading();
  return message;
}

async function onlyBody(call: LeanCall): Promise<Message> {
  const { reading } = wireOf(call.method, call.format);
  const body = new Whole(call.head, reading.bytesMax);
  call.read(body);
  return reading.parse(await body.bytes);
}

async function onlyOne(messages: Intake<Message>, kind: string): Promise<Message> {
  const method = `${kind.replace("_", "-")} method`;
  const first = await messages.next();
  if (first.done === true) throw lacking(`missing input message for ${method}`);
  const second = await messages.next();
  if (second.done !== true) throw lacking(`received extra input message for ${method}`);
  return first.value;
}

function lacking(what: string): ConnectError {
  return new ConnectError(`protocol error: ${what}`, Code.Unimplemented);
}
