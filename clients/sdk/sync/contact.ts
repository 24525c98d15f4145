import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Opened } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import { FoedusError } from "../error.ts";
import { errorOf } from "../error.wire.ts";
import { linked, orAborted } from "../signals.ts";
import { isPassing, waitMs } from "../wire/persist.ts";
import type { Carrier, Session } from "./carrier.ts";
import type { Replica, Wire } from "./replica.ts";

/** What keeps a replica in contact with its hub. */
export interface ContactKit {
  readonly world: World;
  readonly replica: Replica;
  readonly carrier: Carrier;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Aborts when a session should go over to a newer connection; asked before each. */
  readonly moving?: () => AbortSignal;
  /** Aborts when trying again at once is worth it, e.g. a browser that is online again. */
  readonly hopeful?: () => AbortSignal;
  /** What it can speak of beside frames. */
  readonly told?: (contact: Contact) => void;
}

/** How the contact is. */
export interface Contact {
  /** What the hub said of itself; undefined while there is no session. */
  readonly opened: Opened | undefined;
  /** Why there is none, and since when, by this machine's clock. */
  readonly waiting: { readonly error: FoedusError; readonly sinceMs: number } | undefined;
}

const protocol = 1;
/** A session that ends sooner than this counts as a failed attempt. */
const steadyMs = 2_000;
/** How long to wait where trying again is of little use until somebody acts. */
const hopelessMs = 15_000;
/** A hub gives a sign of life every 15 seconds. */
const silenceMs = 45_000;

/** Opens sessions, one after the other, until the signal aborts; never fails. */
export async function keepContact(kit: ContactKit): Promise<void> {
  const { world, signal } = kit;
  let sinceMs = world.clock.now();
  const note = (contact: Contact) => kit.told?.(contact);
  for (let [attempt, count] = [1, 1]; !signal.aborted; attempt += 1, count += 1) {
    const startMs = world.clock.monotonic();
    const mover = kit.moving?.();
    using session = linked(signal, mover);
    const opened = (said: Opened) => note({ opened: said, waiting: undefined });
    const error = await hold(kit, `session ${count}`, session, opened);
    if (signal.aborted) return;
    if (mover?.aborted === true) continue;
    const isSteady = world.clock.monotonic() - startMs > steadyMs;
    if (isSteady) {
      attempt = 1;
      sinceMs = world.clock.now();
    }
    note({ opened: undefined, waiting: { error, sinceMs } });
    const isTaken = error.reason === Reason.SYNC_REPLICA_TAKEN;
    if (isTaken) kit.replica.taken();
    const againMs = waitMs(error, attempt, world);
    using waking = linked(signal, kit.hopeful?.());
    await world.timers.sleep(isPassing(error) || isTaken ? againMs : hopelessMs, waking.signal);
  }
}

/** One session, from its opening to whatever ended it. */
async function hold(
  { world, replica, carrier }: ContactKit,
  name: string,
  session: { readonly signal: AbortSignal; abort(reason?: unknown): void },
  told: (opened: Opened) => void,
): Promise<FoedusError> {
  let wire: Wire | undefined;
  try {
    const opening = {
      protocolMin: protocol,
      protocolMax: protocol,
      replica: replica.state.replica,
    };
    const live = await answered(carrier.open(opening, session.signal), world, session);
    const close = (reason: string) => session.abort(new Error(reason));
    wire = { session: name, send: live.send, close };
    const { hubTime } = live.opened;
    if (hubTime !== undefined) replica.learnTime(timestampMs(hubTime));
    replica.opened(wire);
    told(live.opened);
    for await (const frame of heedful(live.frames, world, session)) {
      if (frame.frame.case === "bye") throw new Error(frame.frame.value.reason);
      replica.step({ type: "frame", session: name, frame });
    }
    return errorOf(new Error("the session was cut"));
  } catch (error) {
    return errorOf(error);
  } finally {
    if (wire !== undefined) replica.closed(wire);
    // Leaving a for-await does not end a call: only its signal does.
    session.abort(new FoedusError(Reason.SYNC_CLOSED));
  }
}

/** A proxy that lets everybody in and says nothing is no hub. */
async function answered(
  opening: Promise<Session>,
  { timers }: World,
  session: { readonly signal: AbortSignal; abort(reason?: unknown): void },
): Promise<Session> {
  const timer = timers.after(silenceMs, () => session.abort(silence()));
  try {
    return await orAborted(opening, session.signal);
  } finally {
    timer.cancel();
  }
}

function silence(): FoedusError {
  const detail = `it was silent for ${silenceMs} ms`;
  return new FoedusError(Reason.HUB_UNREACHABLE, { address: "the hub", detail });
}

/** Ends a session whose other side has gone without a word. */
async function* heedful(
  frames: AsyncIterable<Frame>,
  { timers }: World,
  session: { abort(reason?: unknown): void },
): AsyncGenerator<Frame, void, void> {
  const silent = () => session.abort(silence());
  let timer = timers.after(silenceMs, silent);
  try {
    for await (const frame of frames) {
      timer.cancel();
      yield frame;
      timer = timers.after(silenceMs, silent);
    }
  } finally {
    timer.cancel();
  }
}
