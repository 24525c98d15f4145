import type { ClientHttp2Session } from "node:http2";
import { orAborted } from "../signals.ts";
import type { NodeKit } from "./kit.ts";
import { leftMs } from "./kit.ts";

/** The session that calls go over now, and those before it that still carry streams. */
export interface Track {
  /** The session for the next call; waits for one. */
  session(signal?: AbortSignal): Promise<ClientHttp2Session>;
  /** Makes it the current one; resolves when it, and whatever replaced it, is gone. */
  use(session: ClientHttp2Session): Promise<void>;
  /** New calls go over this one from now on; streams on the old one have until it ends. */
  replace(session: ClientHttp2Session): void;
  /** Ends the current one at once. */
  drop(why: string): void;
  /** Aborts when streams that begin now should move. */
  moving(): AbortSignal;
  connected(): boolean;
  close(): void;
}

interface Lane {
  readonly session: ClientHttp2Session;
  /** When the certificate it was opened with ends, by the hub's clock. */
  readonly endMs: number;
  readonly moving: AbortController;
}

/** Streams leave an outdated session after this part of what its certificate has left. */
const moveShare = 0.5;

/** Keeps the session that is current; each carries the certificate it was opened with. */
export function openTrack(kit: NodeKit): Track {
  const { world, ended } = kit;
  let current: Lane | undefined;
  let next = Promise.withResolvers<ClientHttp2Session>();
  let gone = Promise.withResolvers<void>();
  const never = new AbortController();

  function enter(session: ClientHttp2Session): void {
    const lane: Lane = {
      session,
      endMs: kit.clock.now() + leftMs(kit),
      moving: new AbortController(),
    };
    const leave = () => {
      if (current !== lane) return;
      current = undefined;
      next = Promise.withResolvers();
      gone.resolve();
    };
    session.once("close", leave).once("goaway", leave);
    session.once("close", () => lane.moving.abort());
    const old = current;
    current = lane;
    next.resolve(session);
    if (old !== undefined) retire(old);
    if (session.closed || session.destroyed) leave();
  }

  /** It takes no more calls; its streams are asked to leave well before its certificate ends. */
  function retire({ session, moving, endMs }: Lane): void {
    const restMs = Math.max(0, endMs - kit.clock.now());
    session.close();
    world.timers.after(restMs * moveShare, () => moving.abort());
    world.timers.after(restMs, () => session.destroy());
  }

  return {
    async session(signal) {
      if (current !== undefined) return current.session;
      ended.signal.throwIfAborted();
      return orAborted(orAborted(next.promise, ended.signal), signal);
    },
    async use(session) {
      gone = Promise.withResolvers();
      enter(session);
      await orAborted(gone.promise, ended.signal).catch(() => undefined);
    },
    replace: enter,
    drop(why) {
      current?.session.destroy(new Error(why));
    },
    moving: () => current?.moving.signal ?? never.signal,
    connected: () => current !== undefined,
    close() {
      current?.session.destroy();
    },
  };
}
