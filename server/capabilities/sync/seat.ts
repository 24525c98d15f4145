import type { Frame, Push } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Refusal, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { framed } from "@foedus/kernel/sync/frame.ts";
import type { Feed, Opened } from "@foedus/kernel/sync/hub.state.ts";
import type { Limits } from "@foedus/kernel/sync/limits.ts";
import { streamKey } from "@foedus/kernel/sync/op.ts";
import { packed } from "@foedus/kernel/sync/pack.ts";
import { Inflow } from "./inflow.ts";
import { Wire } from "./wire.ts";

/** Who has come, as the transport has proved it. */
export interface Guest extends Opened {
  readonly tenant: TenantId;
  /** What people call it, where that is known here. */
  readonly title: string;
  /** The node whose grant says where it stands. */
  readonly grantee: string | undefined;
  /** Whose session it is: only they may push to it. */
  readonly owner: string;
  /** The key it writes with; empty for a hub and for who only reads. */
  readonly replica: string;
  readonly writes: boolean;
}

/** What is looked up before a frame of a replica goes on. */
export interface Checks {
  /** So that the core, which cannot wait, finds what the tenant has declared. */
  readDeclared(tenant: TenantId): Promise<void>;
  /** Why another's ops are not taken from whoever carries them. */
  verifySegments(tenant: TenantId, push: Push, ownerId: string): Promise<Refusal>;
}

/** What a seat asks of the driver. */
export interface SeatKit {
  readonly limits: Limits;
  readonly checks: Checks;
  tell(frame: Frame): void;
  leave(error?: unknown): void;
  feeds(): ReadonlyMap<string, Feed> | undefined;
  headOf(key: string): number;
}

/** One session as whoever carries it has it. */
export interface Seat {
  readonly guest: Guest;
  readonly wire: Wire;
  /**
   * A frame of the other side; resolves when the next one may come.
   *
   * @throws Fault when the frame has no place in the session
   */
  take(frame: Frame): Promise<void>;
  /** A frame for the other side. */
  say(frame: Frame): void;
  /** The other side has taken a frame off, where that stands for its acknowledgement. */
  taken(frame: Frame): void;
  /** Whether all it asked for was sent, up to where the logs stood when it asked. */
  isSated(): boolean;
  /** The last place of a stream that the other side has saved. */
  savedOf(key: string): number;
  /** It is over; the reader hears the error, if there is one. */
  leave(error?: unknown): void;
}

/** Seats a guest. */
export function openSeat(guest: Guest, kit: SeatKit): Seat {
  const wire = new Wire();
  const inflow = new Inflow(guest, kit.limits);
  const saved = new Map<string, number>();
  const wants = new Map<string, number>();
  const keyOf = (stream: Stream | undefined) =>
    stream === undefined ? "" : streamKey(guest.tenant, stream);
  const say = (frame: Frame) => {
    inflow.answered(frame);
    note(frame);
    wire.put(packed(frame));
  };
  /** What must still be sent before a short session is over. */
  const note = ({ frame: { case: is, value } }: Frame) => {
    const key = is === "resumed" || is === "snapshotPart" ? keyOf(value.stream) : "";
    if (is === "resumed") {
      wants.set(key, kit.headOf(key));
      if (!saved.has(key)) saved.set(key, kit.feeds()?.get(key)?.sent ?? 0);
    }
    if (is === "snapshotPart" && value.last) {
      wants.set(key, Math.max(wants.get(key) ?? 0, value.readSeq));
    }
  };
  const acknowledged = (stream: Stream | undefined, id: number) => {
    const key = keyOf(stream);
    const last = kit
      .feeds()
      ?.get(key)
      ?.unacked.findLast((each) => each.id <= id);
    if (last !== undefined) saved.set(key, last.seq);
  };
  const tell = (frame: Frame) => {
    const { case: is, value } = frame.frame;
    if (is === "batchAck") acknowledged(value.stream, value.id);
    if (is === "hello") wants.set(keyOf(value.stream), Number.POSITIVE_INFINITY);
    kit.tell(frame);
  };
  return {
    guest,
    wire,
    say,
    async take(raw) {
      if (wire.ended) return;
      const frame = inflow.taken(raw);
      const { case: is, value } = frame.frame;
      if (is === undefined) return;
      if (is === "hello" || is === "push") await kit.checks.readDeclared(guest.tenant);
      const refusal = is === "push" ? await refusalOf(guest, kit.checks, value) : taken;
      if (is === "push" && refusal !== taken) say(refused(value, refusal));
      else tell(frame);
      await wire.roomy();
    },
    taken({ frame: { case: is, value } }) {
      if (is !== "batch" && is !== "packed" && is !== "snapshotPart") return;
      const { stream, id } = value;
      if (stream !== undefined) tell(framed({ case: "batchAck", value: { stream, id } }));
    },
    isSated() {
      const feeds = kit.feeds();
      return [...wants].every(([key, want]) => isSent(feeds?.get(key), want));
    },
    savedOf: (key) => saved.get(key) ?? 0,
    leave: kit.leave,
  };
}

const taken = Refusal.UNSPECIFIED;

/** Refused, or waiting for a hub that knows enough: nothing more will come by itself. */
function isSent(feed: Feed | undefined, want: number): boolean {
  if (want === Number.POSITIVE_INFINITY) return false;
  if (feed === undefined || feed.mode === "WAIT") return true;
  return feed.mode === "LIVE" && feed.sent >= want;
}

/** Why another's ops are not even looked at. */
async function refusalOf(
  { replica, tenant, owner, writes }: Guest,
  checks: Checks,
  push: Push,
): Promise<Refusal> {
  if (!writes) return Refusal.READ_ONLY;
  const isOwn = push.replica === replica && replica !== "";
  return isOwn ? taken : await checks.verifySegments(tenant, push, owner);
}

function refused({ stream, replica }: Push, refusal: Refusal): Frame {
  const mark = { replica };
  const value = { mark, refusal, ...(stream === undefined ? {} : { stream }) };
  return framed({ case: "pushAck", value });
}
