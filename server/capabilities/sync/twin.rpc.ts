import type { MessageInitShape } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type {
  PullRequest,
  PullResponseSchema,
  PushRequest,
  PushResponseSchema,
} from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { framed } from "@foedus/kernel/sync/frame.ts";
import { streamKey } from "@foedus/kernel/sync/op.ts";
import { callerOf } from "../../runtime/caller.ts";
import { whenEnded } from "../../runtime/ending.ts";
import { lifeSign } from "./driver.loop.ts";
import { admit, type SyncKit } from "./admit.rpc.ts";
import { ownerOf } from "./opening.ts";
import type { Seat } from "./seat.ts";
import { answerOf } from "./session.rpc.ts";

type Said = MessageInitShape<typeof PullResponseSchema>;

/**
 * The half that the hub says. Whoever pulls once sends no acknowledgements: a frame counts as saved
 * as soon as the transport has taken it off, whose flow control bounds what is under way.
 */
export async function* pull(
  kit: SyncKit,
  { open, frames, once }: PullRequest,
  context: HandlerContext,
): AsyncGenerator<Said, void, void> {
  const { seat, opened } = await admit(kit, callerOf(context), open);
  const stop = whenEnded(context, () => seat.leave());
  try {
    yield { said: { case: "opened", value: opened } };
    const asked = takeAll(seat, frames);
    for (;;) {
      const frame = await seat.wire.next();
      if (frame === undefined) return;
      yield answerOf(frame);
      if (!once) continue;
      seat.taken(frame);
      if (!asked.done || seat.wire.depth > 0 || !seat.isSated()) continue;
      yield { said: { case: "frame", value: farewell } };
      return;
    }
  } finally {
    stop();
    seat.leave();
  }
}

const farewell = framed({ case: "bye", value: { reason: "that is all" } });

/** Says in the caller's name what it said at once, while its answers are already on their way. */
function takeAll(seat: Seat, frames: readonly Frame[]): { readonly done: boolean } {
  const asked = { done: false };
  const take = async () => {
    for (const frame of frames) await seat.take(frame);
    asked.done = true;
    // Whoever waits for the end looks again: nothing else may come.
    if (seat.wire.depth === 0 && seat.isSated()) seat.say(lifeSign);
  };
  take().catch((error: unknown) => seat.leave(error));
  return asked;
}

/** The other half: frames for a Pull that is open here, or a short session of its own. */
export async function push(
  kit: SyncKit,
  request: PushRequest,
  context: HandlerContext,
): Promise<MessageInitShape<typeof PushResponseSchema>> {
  const caller = callerOf(context);
  if (request.sessionId === "") return await pushAlone(kit, caller, request, context);
  const seat = seatOf(kit, caller, request.sessionId);
  for (const frame of request.frames) await seat.take(frame);
  return {};
}

/** Only whoever opened it may say anything in a session; of others' nobody hears. */
function seatOf({ driver }: SyncKit, caller: Caller, sessionId: string): Seat {
  const seat = driver.seatOf(sessionId);
  const isTheirs = seat?.guest.owner === ownerOf(caller) && seat.guest.tenant === caller.tenant;
  if (seat === undefined || !isTheirs) {
    throw new Fault(Reason.SYNC_SESSION_UNKNOWN, { session_id: sessionId });
  }
  return seat;
}

/** Hellos, their answers, pushes, their answers; then it is over. */
async function pushAlone(
  kit: SyncKit,
  caller: Caller,
  { open, frames }: PushRequest,
  context: HandlerContext,
): Promise<MessageInitShape<typeof PushResponseSchema>> {
  const { seat, opened } = await admit(kit, caller, open);
  const stop = whenEnded(context, () => seat.leave());
  const answers: Frame[] = [];
  const said = (is: Frame["frame"]["case"]) => answers.filter(({ frame }) => frame.case === is);
  const until = async (is: Frame["frame"]["case"], count: number) => {
    while (said(is).length < count) answers.push(await nextOf(seat));
  };
  try {
    const hellos = lastHellos(frames);
    const rest = frames.filter(({ frame }) => frame.case !== "hello");
    for (const frame of hellos) await seat.take(frame);
    await until("resumed", hellos.length);
    for (const frame of rest) await seat.take(frame);
    await until("pushAck", rest.filter(({ frame }) => frame.case === "push").length);
    return { opened, frames: answers };
  } finally {
    stop();
    seat.leave();
  }
}

/** Of several hellos for one stream only the last is answered, so only that is said. */
function lastHellos(frames: readonly Frame[]): Frame[] {
  const byStream = new Map<string, Frame>();
  for (const frame of frames) {
    const { case: is, value } = frame.frame;
    if (is !== "hello") continue;
    byStream.set(value.stream === undefined ? "" : streamKey("", value.stream), frame);
  }
  return [...byStream.values()];
}

async function nextOf({ wire }: Seat): Promise<Frame> {
  const frame = await wire.next();
  if (frame === undefined) throw new Fault(Reason.SYNC_SESSION_ENDED, { why: "its caller left" });
  const { case: is, value } = frame.frame;
  if (is === "bye") throw new Fault(Reason.SYNC_SESSION_ENDED, { why: value.reason });
  return frame;
}
