import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Arrival } from "../../guards/gate.ts";
import { arrivalKey } from "../../guards/gate.ts";
import type { AdapterOptions } from "../adapter.ts";
import { readBytesMax, serves } from "../adapter.ts";
import type { Exchanges } from "../exchanges.ts";
import { callOn, LeanCall } from "./call.ts";
import type { Format } from "./formats.ts";
import { formatOf } from "./formats.ts";
import type { LeanMethod } from "./methods.ts";
import { leanMethod } from "./methods.ts";
import { serve } from "./serve.ts";

/** What the lean door is opened with. */
export interface LeanOptions extends Omit<AdapterOptions, "arrivalOf" | "fallback"> {
  readonly exchanges: Exchanges;
  arrivalAt(session: Http2Session | undefined, host: string | undefined): Arrival;
}

/** Takes a stream of HTTP/2 as a call; false when Connect's adapter has to look at it. */
export type TakeStream = (stream: ServerHttp2Stream, head: IncomingHttpHeaders) => boolean;

/**
 * Serves calls as they are mostly made, over the same guards to the same implementations as the
 * adapter, and with nothing in between: no universal request, and no object that nobody looks at.
 */
export function openLean(options: LeanOptions): TakeStream {
  const { registry, exchanges, kit } = options;
  let mounted = mount(options);
  registry.changed(() => (mounted = mount(options)));
  const left = function (this: ServerHttp2Stream) {
    const call = callOn(this);
    if (call === undefined) return;
    exchanges.leave(call);
    call.close();
  };
  return (stream, head) => {
    const format = formatOf(head);
    const method = mounted.get(head[":path"] ?? "");
    if (format === undefined || method === undefined || !fits(format, method)) return false;
    const { methodKind } = method.served.rpc.method;
    const streams = methodKind === "client_streaming" || methodKind === "bidi_streaming";
    const call = new LeanCall({ stream, head, format, method, streams, world: kit.world });
    const arrival = options.arrivalAt(stream.session, head[":authority"]);
    call.context.values.set(arrivalKey, arrival);
    exchanges.join(call);
    stream.on("close", left);
    serve(call, options);
    return true;
  };
}

function mount(options: LeanOptions): ReadonlyMap<string, LeanMethod> {
  const served = options.registry.all().filter(({ rpc }) => serves(options.door, rpc.policy));
  const methods = served.map((one) => {
    const readMax = (json: boolean) => readBytesMax(options, one.rpc.policy, json);
    const method = leanMethod(one, { binary: readMax(false), json: readMax(true) });
    return [`/${one.rpc.name}`, method] as const;
  });
  return new Map(methods);
}

/** Connect writes unary calls without envelopes, and streams in them; others know no difference. */
function fits({ protocol, enveloped }: Format, { served }: LeanMethod): boolean {
  return protocol !== "connect" || enveloped === (served.spec.kind !== "unary");
}
