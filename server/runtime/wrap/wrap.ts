import type { MethodImplSpec } from "@connectrpc/connect";
import type { Rpc } from "../guards/rpc.ts";
import { wrapClientStream, wrapServerStream, wrapTwoWay } from "./stream.ts";
import { wrapUnary } from "./unary.ts";
import type { WrapKit } from "./watch.ts";

/**
 * Puts around an implementation what needs the message: trace, validation, deadline, faults, audit;
 * for streams limit, expiry and revocation per message. Done once, at registration, so every door
 * serves the same function.
 */
export function wrap(kit: WrapKit, rpc: Rpc, spec: MethodImplSpec): MethodImplSpec {
  switch (spec.kind) {
    case "unary":
      return { ...spec, impl: wrapUnary(kit, rpc, spec.impl) };
    case "server_streaming":
      return { ...spec, impl: wrapServerStream(kit, rpc, spec.impl) };
    case "client_streaming":
      return { ...spec, impl: wrapClientStream(kit, rpc, spec.impl) };
    case "bidi_streaming":
      return { ...spec, impl: wrapTwoWay(kit, rpc, spec.impl) };
  }
}
