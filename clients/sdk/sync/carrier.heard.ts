import { Code, ConnectError } from "@connectrpc/connect";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Opened } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { unpacked } from "@foedus/kernel/sync/pack.ts";

type Said =
  | { readonly case: "opened"; readonly value: Opened }
  | { readonly case: "frame"; readonly value: Frame }
  | { readonly case: undefined; readonly value?: undefined };

/** What a hub says: its answer first, and then frames, as they were before they were packed. */
export async function heard(
  answers: AsyncIterable<{ readonly said: Said }>,
): Promise<{ readonly opened: Opened; readonly frames: AsyncIterable<Frame> }> {
  const iterator = answers[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true || first.value.said.case !== "opened") {
    throw new ConnectError("the hub opened no session", Code.Unavailable);
  }
  return { opened: first.value.said.value, frames: framesOf(iterator) };
}

async function* framesOf(
  iterator: AsyncIterator<{ readonly said: Said }>,
): AsyncGenerator<Frame, void, void> {
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return;
    const { said } = next.value;
    if (said.case === "frame") yield unpacked(said.value);
  }
}
