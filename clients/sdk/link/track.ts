import type { ClientHttp2Session } from "node:http2";
import { orAborted } from "../signals.ts";
import type { NodeKit } from "./kit.ts";
import { leftMs } from "./kit.ts";

interface Lane {
  readonly session: ClientHttp2Session;
  /** When the certificate it was opened with ends, by the hub's clock. */
  readonly endMs: number;
  readonly moving: AbortController;
  /** Makes it the current one no more. */
  leave(): void;
}

/** Streams leave an outdated session after this part of what its certificate has left. */
const moveShare = 0.5;

/**
 * The session that calls go over now, and those before it that still carry streams. Each carries
 * the certificate it was opened with.
 */
export class Track {
  readonly #kit: NodeKit;
  #current: Lane | undefined;
  #next = Promise.withResolvers<ClientHttp2Session>();
  #gone = Promise.withResolvers<void>();
  readonly #never = new AbortController();

  constructor(kit: NodeKit) {
    this.#kit = kit;
  }

  get connected(): boolean {
    return this.#current !== undefined;
  }

  /** The session for the next call; waits for one. */
  async session(signal?: AbortSignal): Promise<ClientHttp2Session> {
    const lane = this.#current;
    if (lane !== undefined && takesCalls(lane)) return lane.session;
    // It is over, and its events that say so are yet to come.
    lane?.leave();
    const ended = this.#kit.ended.signal;
    ended.throwIfAborted();
    return orAborted(orAborted(this.#next.promise, ended), signal);
  }

  /** Makes it the current one; resolves when it, and whatever replaced it, is gone. */
  async use(session: ClientHttp2Session): Promise<void> {
    this.#gone = Promise.withResolvers();
    this.replace(session);
    await orAborted(this.#gone.promise, this.#kit.ended.signal).catch(() => undefined);
  }

  /** New calls go over this one from now on; streams on the old one have until it ends. */
  replace(session: ClientHttp2Session): void {
    const { clock } = this.#kit;
    const endMs = clock.now() + leftMs(this.#kit);
    const leave = () => {
      if (this.#current !== lane) return;
      this.#current = undefined;
      this.#next = Promise.withResolvers();
      this.#gone.resolve();
    };
    const lane: Lane = { session, endMs, moving: new AbortController(), leave };
    session.once("close", leave).once("goaway", leave);
    session.once("close", () => lane.moving.abort());
    const old = this.#current;
    this.#current = lane;
    this.#next.resolve(session);
    if (old !== undefined) this.#retire(old);
    if (!takesCalls(lane)) leave();
  }

  /** Ends the current one at once. */
  drop(why?: string): void {
    this.#current?.session.destroy(why === undefined ? undefined : new Error(why));
  }

  /** Aborts when streams that begin now should move. */
  moving(): AbortSignal {
    return this.#current?.moving.signal ?? this.#never.signal;
  }

  /** It takes no more calls; its streams are asked to leave well before its certificate ends. */
  #retire({ session, moving, endMs }: Lane): void {
    const { world, clock } = this.#kit;
    const restMs = Math.max(0, endMs - clock.now());
    session.close();
    world.timers.after(restMs * moveShare, () => moving.abort());
    world.timers.after(restMs, () => session.destroy());
  }
}

function takesCalls({ session }: Lane): boolean {
  return !session.closed && !session.destroyed;
}
