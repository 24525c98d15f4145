import type { Interceptor, Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { LinkTerms } from "@foedus/gen/foedus/link/v1/link_pb.js";
import type { ClientHttp2Session } from "node:http2";
import type { FoedusError } from "../error.ts";
import { errorOf } from "../error.wire.ts";
import { linked } from "../signals.ts";
import { persist, waitMs } from "../wire/persist.ts";
import { transportOver } from "../wire/transport.ts";
import { renew } from "./certify.ts";
import type { NodeKit } from "./kit.ts";
import { leftMs } from "./kit.ts";
import { agreeOnTerms } from "./opening.ts";
import { reachHub } from "./reach.ts";
import { Track } from "./track.ts";
import { watchful } from "./watchful.ts";

/** A node's connection to its hub, which mends itself for as long as the node is open. */
export interface Link {
  /** Calls wait until there is a connection; bound them with a deadline or a signal. */
  readonly transport: Transport;
  /** The same, but calls fail at once while the hub is known to be away. */
  readonly guarded: Transport;
  /** What both ends agreed on; undefined before that, and with a hub that agrees on nothing. */
  terms(): LinkTerms | undefined;
  /** Resolves once the hub is connected; rejects when the signal aborts or the node is over. */
  ready(signal?: AbortSignal): Promise<void>;
  /** Aborts when a long stream should go over to a newer connection. Ask before each stream. */
  moving(): AbortSignal;
  /** Drops a connection that no longer answers. */
  reset(): void;
  connected(): boolean;
  /** Since when it waits and for what; undefined while it is connected. */
  waiting(): { readonly error: FoedusError; readonly sinceMs: number } | undefined;
  /** Resolves when all of it has stopped. */
  readonly done: Promise<void>;
}

/** Reasons after which a node of this identity cannot come back. */
const overReasons: ReadonlySet<Reason> = new Set([
  Reason.NODE_REVOKED,
  Reason.NODE_RETIRED,
  Reason.REENTRY_EXPIRED,
  Reason.IDENTITY_PROOF_INVALID,
]);

/** A connection that ends sooner than this counts as a failed attempt. */
const steadyMs = 2_000;

/** Connects, and goes on until the kit's signal aborts. */
export function openLink(kit: NodeKit): Link {
  const track = new Track(kit);
  const lapse = () => {
    kit.membership = { ...kit.membership, chain: undefined };
    track.drop("the certificate lapsed");
  };
  // Only an admin ends that: the way back is asked for each time, and refused until then.
  const quarantined = () => track.drop("the hub quarantined this node");
  const watch = watchful(kit, { lapsed: lapse, quarantined });
  const { meter } = kit;
  const counting = meter.counting((signal) => track.session(signal));
  const inner = [watch, counting];
  const transport = transportOver(() => track.session(), inner);
  const gate: Interceptor = (next) => (request) => {
    if (!request.stream) meter.breaker.admit(kit.membership.admission.nodeAddress, track.connected);
    return next(request);
  };
  const guarded = transportOver(() => track.session(), [gate, ...inner]);
  let terms: LinkTerms | undefined;
  /** Before anything else goes over a new connection, both ends agree how. */
  const agree = async (session: ClientHttp2Session) => {
    const stands = () => Promise.resolve(session);
    const calls = [watch, meter.counting(stands)];
    terms = await agreeOnTerms(kit, transportOver(stands, calls));
  };
  let waiting: ReturnType<Link["waiting"]>;
  const note = (error: FoedusError, againMs: number) => {
    waiting = { error, sinceMs: waiting?.sinceMs ?? kit.clock.now() };
    meter.missed(againMs);
    kit.notice({ kind: "waiting", error, againMs });
  };
  const reached = () => (waiting = undefined);
  const done = Promise.all([
    keepReaching(kit, track, { note, agree, reached }),
    keepRenewing(kit, track, { transport, lapse }),
  ]).then(() => track.drop());
  return {
    transport,
    guarded,
    terms: () => terms,
    ready: (signal) => track.session(signal).then(() => undefined),
    moving: () => track.moving(),
    reset: () => track.drop("it does not answer"),
    connected: () => track.connected,
    waiting: () => waiting,
    done,
  };
}

interface Reaching {
  readonly note: (error: FoedusError, againMs: number) => void;
  readonly agree: (session: ClientHttp2Session) => Promise<void>;
  readonly reached: () => void;
}

async function keepReaching(kit: NodeKit, track: Track, told: Reaching): Promise<void> {
  const { world, ended } = kit;
  for (let attempt = 1; !ended.signal.aborted; attempt += 1) {
    const startMs = world.clock.monotonic();
    try {
      const session = await openSession(kit, attempt - 1, told.agree);
      told.reached();
      kit.notice({ kind: "connected", address: kit.membership.admission.nodeAddress });
      await track.use(session);
    } catch (thrown) {
      if (ended.signal.aborted) return;
      const error = errorOf(thrown, kit.membership.admission.nodeAddress);
      if (overReasons.has(error.reason)) return end(kit, error);
      const againMs = waitMs(error, attempt, world);
      told.note(error, againMs);
      await world.timers.sleep(againMs, ended.signal);
      continue;
    }
    if (world.clock.monotonic() - startMs > steadyMs) attempt = 0;
    else await world.timers.sleep(waitMs(lost(kit), attempt, world), ended.signal);
  }
}

async function openSession(
  kit: NodeKit,
  failures: number,
  agree: Reaching["agree"],
): Promise<ClientHttp2Session> {
  const session = await reachHub(kit, failures);
  kit.meter.carries(session);
  kit.meter.reached();
  try {
    await agree(session);
    return session;
  } catch (error) {
    session.destroy();
    throw error;
  }
}

/** At half of its life, a tenth sooner or later, a certificate is replaced: never all at once. */
async function keepRenewing(
  kit: NodeKit,
  track: Track,
  over: { readonly transport: Transport; readonly lapse: () => void },
): Promise<void> {
  const { world, ended } = kit;
  const client = createClient(IdentityService, over.transport);
  const half = () => {
    const lifetimeMs = Number(kit.membership.admission.certificate?.lifetimeMs ?? 0);
    return (lifetimeMs / 2) * (0.9 + 0.2 * world.random.fraction());
  };
  while (!ended.signal.aborted) {
    try {
      await track.session();
      await world.timers.sleep(Math.max(0, leftMs(kit) - half()), ended.signal);
      if (ended.signal.aborted) return;
      using trying = linked(ended.signal);
      const end = world.timers.after(Math.max(0, leftMs(kit)), () => trying.abort());
      await persist(() => renew(kit, client), { world, signal: trying.signal });
      end.cancel();
      const session = await reachHub(kit);
      kit.meter.carries(session);
      track.replace(session);
    } catch {
      if (ended.signal.aborted) return;
      // Past its end only the way back by the identity key is left, which the other loop takes.
      if (leftMs(kit) <= 0) over.lapse();
      await world.timers.sleep(steadyMs, ended.signal);
    }
  }
}

function end(kit: NodeKit, error: FoedusError): void {
  kit.notice({ kind: "ended", error });
  kit.ended.abort(error);
}

function lost({ membership }: NodeKit): FoedusError {
  return errorOf(new Error("the connection was closed"), membership.admission.nodeAddress);
}
