import type { MessageInitShape } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type {
  SessionRequest,
  SessionResponseSchema,
} from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { nodeCallerOf } from "../../runtime/caller.ts";
import { encodedAs } from "../../runtime/encoded.ts";
import { admit, type SyncKit } from "./admit.rpc.ts";
import { unexpected } from "./inflow.ts";
import { encodedAnswer } from "./packing.ts";
import type { Seat } from "./seat.ts";

type Said = MessageInitShape<typeof SessionResponseSchema>;

/** A session over one stream in both directions: open first, then frames. */
export async function* session(
  kit: SyncKit,
  requests: AsyncIterable<SessionRequest>,
  context: HandlerContext,
): AsyncGenerator<Said, void, void> {
  const frames = requests[Symbol.asyncIterator]();
  const first = await frames.next();
  const said = first.done === true ? undefined : first.value.said;
  if (said?.case !== "open") throw unexpected("a session begins with open");
  const { seat, opened } = await admit(kit, nodeCallerOf(context), said.value);
  const stop = endWith(seat, context.signal);
  try {
    yield { said: { case: "opened", value: opened } };
    void hear(seat, frames);
    for (;;) {
      const frame = await seat.wire.next();
      if (frame === undefined) return;
      yield answerOf(frame);
    }
  } finally {
    stop();
    seat.leave();
  }
}

/** A frame as an answer; what others are sent too is encoded already. */
export function answerOf(frame: Frame): { said: { case: "frame"; value: Frame } } {
  const answer = { said: { case: "frame" as const, value: frame } };
  const bytes = encodedAnswer(frame);
  if (bytes !== undefined) encodedAs(answer, bytes);
  return answer;
}

/** Takes what the other side says until it is gone; its mistakes end the session by name. */
async function hear(seat: Seat, frames: AsyncIterator<SessionRequest>): Promise<void> {
  try {
    for (let one = await frames.next(); one.done !== true; one = await frames.next()) {
      const { said } = one.value;
      if (said.case !== "frame") throw unexpected("a session is opened once");
      await seat.take(said.value);
    }
    seat.leave();
  } catch (error) {
    seat.leave(error);
  }
}

/** Ends a session when its caller has gone; returns how to stop watching. */
export function endWith(seat: Seat, signal: AbortSignal): () => void {
  const end = () => seat.leave();
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  return () => signal.removeEventListener("abort", end);
}
