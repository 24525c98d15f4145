import type { MessageInitShape } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type {
  SessionRequest,
  SessionResponseSchema,
} from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { nodeCallerOf } from "../../runtime/caller.ts";
import { encodedAs } from "../../runtime/encoded.ts";
import { whenEnded } from "../../runtime/ending.ts";
import { admit, type SyncKit } from "./admit.rpc.ts";
import { unexpected } from "./inflow.ts";
import { encodedAnswer } from "./packing.ts";
import type { Seat } from "./seat.ts";
import type { Wire } from "./wire.ts";

type Said = MessageInitShape<typeof SessionResponseSchema>;

const end = { done: true, value: undefined } as const;

/** A session over one stream in both directions: open first, then frames. */
export function session(
  kit: SyncKit,
  requests: AsyncIterable<SessionRequest>,
  context: HandlerContext,
): AsyncIterable<Said> {
  return new Answers(kit, requests[Symbol.asyncIterator](), context);
}

/**
 * What the hub says in a session. No generator: each frame would wait for it twice, and one that
 * waits for a frame would not hear that its caller has gone.
 */
class Answers implements AsyncIterableIterator<Said, undefined> {
  readonly #kit: SyncKit;
  readonly #frames: AsyncIterator<SessionRequest>;
  readonly #context: HandlerContext;
  #seat: Seat | undefined;
  #letGo: (() => void) | undefined;
  #isOver = false;

  constructor(kit: SyncKit, frames: AsyncIterator<SessionRequest>, context: HandlerContext) {
    this.#kit = kit;
    this.#frames = frames;
    this.#context = context;
  }

  next(): Promise<IteratorResult<Said, undefined>> {
    if (this.#isOver) return Promise.resolve(end);
    if (this.#seat === undefined) return this.#begin();
    const frame = this.#seat.wire.taken();
    if (frame === undefined) return this.#await(this.#seat);
    return Promise.resolve({ done: false, value: answerOf(frame) });
  }

  return(): Promise<IteratorResult<Said, undefined>> {
    this.#stop();
    return Promise.resolve(end);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #begin(): Promise<IteratorResult<Said, undefined>> {
    const first = await this.#frames.next();
    const said = first.done === true ? undefined : first.value.said;
    if (said?.case !== "open") throw unexpected("a session begins with open");
    const { seat, opened } = await admit(this.#kit, nodeCallerOf(this.#context), said.value);
    this.#seat = seat;
    this.#letGo = whenEnded(this.#context, () => seat.leave());
    // Whoever asked for answers may have gone meanwhile.
    if (this.#isOver) this.#stop();
    else void hear(seat, this.#frames);
    return { done: false, value: { said: { case: "opened", value: opened } } };
  }

  /** No async function: an idle session would hold on to two of them. */
  #await({ wire }: Seat): Promise<IteratorResult<Said, undefined>> {
    return new Promise<void>((resolve) => wire.whenReady(resolve)).then(() => {
      const frame = this.#last(wire);
      return frame === undefined ? end : { done: false, value: answerOf(frame) };
    });
  }

  #last(wire: Wire): Frame | undefined {
    let frame: Frame | undefined;
    try {
      frame = wire.takeLast();
    } finally {
      if (frame === undefined) this.#stop();
    }
    return frame;
  }

  #stop(): void {
    this.#isOver = true;
    this.#letGo?.();
    this.#seat?.leave();
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
      const waits = seat.takeNow(said.value);
      if (waits !== undefined) await waits;
    }
    seat.leave();
  } catch (error) {
    seat.leave(error);
  }
}
