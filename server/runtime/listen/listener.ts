import type { Server as Http1Server } from "node:http";
import type {
  Http2SecureServer,
  Http2Server,
  Http2Session,
  IncomingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
} from "node:http2";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { HubConfig } from "@foedus/gen/foedus/config/v1/config_pb.js";
import type { Arrival } from "../guards/gate.ts";
import type { Door } from "../guards/guard.ts";
import type { Log } from "../log.ts";
import type { WrapKit } from "../wrap/watch.ts";
import type { Adapter, AdapterOptions } from "./adapter.ts";
import { openAdapter } from "./adapter.ts";
import type { AnyRequest, AnyResponse, Exchanges } from "./exchanges.ts";
import { openExchanges } from "./exchanges.ts";
import type { Front } from "./front.ts";
import { openFront } from "./front.ts";
import type { TakeStream } from "./lean/door.ts";
import { openLean } from "./lean/door.ts";
import type { Peer } from "./peer.ts";
import { readPeer } from "./peer.read.ts";
import type { SessionBook } from "./sessions.ts";
import { openSessions } from "./sessions.ts";

/** One of the hub's doors, open. */
export interface Listener {
  readonly port: number;
  readonly sessions: SessionBook;
  connections(): number;
  calls(): number;
  /** Open connections by address. */
  addresses(): ReadonlyMap<string, number>;
  /** Calls under way in the session that has most of them, and whose it is. */
  busiestSession(): { readonly calls: number; readonly peer: Peer | undefined };
  /** Takes no new connections, and asks clients to go elsewhere. */
  goAway(): void;
  /** Ends every session once its calls are done. */
  close(): void;
  /** Ends everything at once. */
  destroy(): void;
}

/** What all three doors are opened with. */
export interface DoorOptions extends Pick<AdapterOptions, "registry" | "gate"> {
  readonly kit: WrapKit;
  readonly config: HubConfig;
}

/** The parts that a door is put together from. */
export interface DoorParts {
  readonly sessions: SessionBook;
  readonly exchanges: Exchanges;
  readonly adapter: Adapter;
  /** Takes the calls it can serve before the adapter sees them; undefined when it is shut. */
  readonly lean: TakeStream | undefined;
}

/** Sessions, exchanges and adapter of a door. */
export function openParts(
  options: DoorOptions,
  own: Pick<AdapterOptions, "door" | "requestBytesMax" | "fallback">,
): DoorParts {
  const { kit } = options;
  const noted = (why: string) => kit.meters.connectionCut(own.door, why);
  const sessions = openSessions(kit.world, noted);
  const exchanges = openExchanges(kit.world, noted);
  const arrivalOf = (request: AnyRequest) => arrival(own.door, sessions, request);
  const arrivalAt = (session: Http2Session | undefined, host: string | undefined) =>
    arrivalIn(own.door, sessions, session, host);
  return {
    sessions,
    exchanges,
    adapter: openAdapter({ ...options, ...own, arrivalOf }),
    lean: options.config.lean ? openLean({ ...options, ...own, exchanges, arrivalAt }) : undefined,
  };
}

/** Lets a server of either HTTP version answer by the parts. */
export function attach(
  server: Http2SecureServer | Http2Server | Http1Server,
  parts: DoorParts,
): void {
  const { sessions, exchanges, adapter, lean } = parts;
  const quiet = ["tlsClientError", "sessionError"];
  for (const event of quiet) server.on(event, () => undefined);
  server.on("session", (session: ServerHttp2Session) => {
    const address = session.socket.remoteAddress ?? "";
    // The socket of a session is a proxy that knows no `in`; whether it is TLS the session says.
    const peer = session.encrypted ? readPeer(session.socket as TLSSocket, address) : undefined;
    sessions.add(session, peer);
  });
  server.on("request", (request: AnyRequest, response: AnyResponse) => {
    const served = adapter.find(request);
    const kind = served?.rpc.method.methodKind ?? "unary";
    exchanges.add(request, response, kind === "client_streaming" || kind === "bidi_streaming");
    adapter.answer(request, response);
  });
  if (lean !== undefined) offer(server, lean);
}

/** Offers each stream to the lean door first; what it leaves becomes a request as ever. */
function offer(server: Http2SecureServer | Http2Server | Http1Server, lean: TakeStream): void {
  const [become, ...others] = server.listeners("stream") as OnStream[];
  if (become === undefined) return;
  if (others.length > 0) throw new Error("node:http2 makes requests of streams in another way now");
  server.removeListener("stream", become);
  server.on("stream", function (this: unknown, stream, head, ...rest) {
    if (!lean(stream, head)) become.call(this, stream, head, ...rest);
  } satisfies OnStream);
}

type OnStream = (
  this: unknown,
  stream: ServerHttp2Stream,
  head: IncomingHttpHeaders,
  ...rest: unknown[]
) => void;

/** Opens the front of a door and puts the parts behind it. */
export async function openDoor(
  name: Exclude<Door, "inside">,
  port: number,
  options: DoorOptions,
  parts: DoorParts,
  hand: (socket: Socket) => void,
): Promise<Listener> {
  const { host, connectionsMax, connectionsPerAddressMax } = options.config;
  const { meters } = options.kit;
  const limits = { connectionsMax, connectionsPerAddressMax };
  const front = await openFront({ name, host, port, ...limits, meters, hand });
  noteGauges(options.kit.log, name, front, parts);
  return {
    port: front.port,
    sessions: parts.sessions,
    connections: front.connections,
    calls: parts.exchanges.count,
    addresses: front.addresses,
    busiestSession: () => busiestOf(parts),
    goAway() {
      front.close();
      parts.sessions.goAway();
    },
    close: parts.sessions.close,
    destroy() {
      parts.sessions.stop();
      parts.exchanges.stop();
      front.destroy();
    },
  };
}

function busiestOf({ exchanges, sessions }: DoorParts) {
  const [most] = [...exchanges.bySession()].toSorted(([, a], [, b]) => b - a);
  const [session, calls = 0] = most ?? [];
  return { calls, peer: sessions.peerOf(session as ServerHttp2Session | undefined) };
}

function noteGauges(log: Log, name: string, front: Front, parts: DoorParts): void {
  log.info("listening", { listener: name, port: front.port, sessions: parts.sessions.count() });
}

function arrival(
  door: Exclude<Door, "inside">,
  sessions: SessionBook,
  request: AnyRequest,
): Arrival {
  if ("stream" in request) {
    return arrivalIn(door, sessions, request.stream.session, request.authority);
  }
  const { host } = request.headers;
  return { door, address: request.socket.remoteAddress ?? "", host, peer: undefined };
}

function arrivalIn(
  door: Exclude<Door, "inside">,
  sessions: SessionBook,
  session: Http2Session | undefined,
  host: string | undefined,
): Arrival {
  const known = session as ServerHttp2Session | undefined;
  return { door, address: sessions.addressOf(known), host, peer: sessions.peerOf(known) };
}
