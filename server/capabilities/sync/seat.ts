import type { Frame, Push } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Refusal, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { framed } from "@foedus/kernel/sync/frame.ts";
import type { Feed, Opened } from "@foedus/kernel/sync/hub.state.ts";
import type { Limits } from "@foedus/kernel/sync/limits.ts";
import { streamKey } from "@foedus/kernel/sync/op.ts";
import { Inflow } from "./inflow.ts";
import { packedOnce } from "./packing.ts";
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
  tell(session: string, frame: Frame): void;
  leave(session: string, error?: unknown): void;
  feeds(session: string): ReadonlyMap<string, Feed> | undefined;
  headOf(key: string): number;
}

/** One session as whoever carries it has it. */
export class Seat {
  readonly guest: Guest;
  readonly wire = new Wire();
  readonly #kit: SeatKit;
  readonly #inflow: Inflow;
  /** The last place of each stream that the other side has saved. */
  readonly #saved = new Map<string, number>();
  /** The place of each stream up to which a short session is sent what there is. */
  readonly #wants = new Map<string, number>();

  /** Frames that wait for room: of one request each, so a session that pushes in order has one. */
  #latecomers = 0;

  constructor(guest: Guest, kit: SeatKit) {
    this.guest = guest;
    this.#kit = kit;
    this.#inflow = new Inflow(guest, kit.limits);
  }

  /**
   * A frame of the other side; resolves when the next one may come.
   *
   * @throws Fault when the frame has no place in the session
   */
  async take(raw: Frame): Promise<void> {
    if (this.wire.ended) return;
    await this.#hear(this.#inflow.taken(raw));
  }

  /**
   * The same at once, where nothing has to be waited for: acknowledgements are as many as what is
   * sent. Undefined when the next one may come already.
   */
  takeNow(raw: Frame): Promise<void> | undefined {
    if (this.wire.ended) return undefined;
    const frame = this.#inflow.taken(raw);
    if (frame.frame.case !== "batchAck") return this.#hear(frame);
    this.#tell(frame);
    return this.wire.isRoomy ? undefined : this.wire.roomy();
  }

  async #hear(frame: Frame): Promise<void> {
    if (!this.#inflow.admits(frame)) await this.#room(frame);
    const { case: is, value } = frame.frame;
    if (is === undefined || this.wire.ended) return;
    const { checks } = this.#kit;
    if (is === "hello" || is === "push") await checks.readDeclared(this.guest.tenant);
    const refusal = is === "push" ? await refusalOf(this.guest, checks, value) : taken;
    if (is === "push" && refusal !== taken) this.say(refused(value, refusal));
    else this.#tell(frame);
    await this.wire.roomy();
  }

  /** What there is no room for waits here, and whoever brings it says no more meanwhile. */
  async #room(frame: Frame): Promise<void> {
    if (this.#latecomers >= latecomersMax) throw this.#inflow.overrun(frame);
    this.#latecomers++;
    await this.wire.until(() => this.#inflow.admits(frame));
    this.#latecomers--;
  }

  /** A frame for the other side. */
  say(frame: Frame): void {
    this.#inflow.answered(frame);
    this.#note(frame);
    this.wire.put(packedOnce(frame));
  }

  /** The other side has taken a frame off, where that stands for its acknowledgement. */
  taken({ frame: { case: is, value } }: Frame): void {
    if (is !== "batch" && is !== "packed" && is !== "snapshotPart") return;
    const { stream, id } = value;
    if (stream !== undefined) this.#tell(framed({ case: "batchAck", value: { stream, id } }));
  }

  /** Whether all it asked for was sent, up to where the logs stood when it asked. */
  isSated(): boolean {
    const feeds = this.#kit.feeds(this.guest.session);
    return [...this.#wants].every(([key, want]) => isSent(feeds?.get(key), want));
  }

  /** The last place of a stream that the other side has saved. */
  savedOf(key: string): number {
    return this.#saved.get(key) ?? 0;
  }

  /** It is over; the reader hears the error, if there is one. */
  leave(error?: unknown): void {
    this.#kit.leave(this.guest.session, error);
  }

  #tell(frame: Frame): void {
    const { case: is, value } = frame.frame;
    if (is === "hello") this.#wants.set(this.#keyOf(value.stream), Number.POSITIVE_INFINITY);
    if (is === "batchAck") {
      const key = this.#keyOf(value.stream);
      const unacked = this.#kit.feeds(this.guest.session)?.get(key)?.unacked;
      const last = unacked?.findLast(({ id }) => id <= value.id);
      if (last !== undefined) this.#saved.set(key, last.seq);
    }
    this.#kit.tell(this.guest.session, frame);
  }

  #note({ frame: { case: is, value } }: Frame): void {
    if (is === "resumed") {
      const key = this.#keyOf(value.stream);
      this.#wants.set(key, this.#kit.headOf(key));
      if (!this.#saved.has(key))
        this.#saved.set(key, this.#kit.feeds(this.guest.session)?.get(key)?.sent ?? 0);
    }
    if (is === "snapshotPart" && value.last) {
      const key = this.#keyOf(value.stream);
      this.#wants.set(key, Math.max(this.#wants.get(key) ?? 0, value.readSeq));
    }
  }

  #keyOf(stream: Stream | undefined): string {
    return stream === undefined ? "" : streamKey(this.guest.tenant, stream);
  }
}

const taken = Refusal.UNSPECIFIED;

/** How many requests of one session wait for room at once. */
export const latecomersMax = 8;

/** Refused, without credit, or waiting for a hub that knows enough: nothing comes by itself. */
function isSent(feed: Feed | undefined, want: number): boolean {
  if (want === Number.POSITIVE_INFINITY) return false;
  if (feed === undefined || feed.mode === "WAIT" || feed.hello?.creditBytes === 0) return true;
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
