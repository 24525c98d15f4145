import { durationMs, type Duration } from "@bufbuild/protobuf/wkt";
import type { HandlerContext } from "@connectrpc/connect";
import type { Hub } from "../../runtime/capability.ts";

/** A wait is over so much sooner than the call: its answer has a way to go. */
const waitShare = 0.9;

/** How long a call may wait that asks for so long: never until it is cut off without an answer. */
export function patienceMs(
  hub: Pick<Hub, "config">,
  context: Pick<HandlerContext, "timeoutMs">,
  wait: Duration | undefined,
): number {
  if (wait === undefined) return 0;
  const callMs = Math.min(context.timeoutMs() ?? Infinity, Number(hub.config().callMsMax));
  return Math.min(durationMs(wait), waitShare * callMs);
}
