import type { ClientHttp2Session } from "node:http2";
import type { Socket } from "node:net";

const carriers = new WeakMap<ClientHttp2Session, Socket>();

/** Bytes on a TCP connection, those of TLS included. */
export interface Traffic {
  readonly sent: number;
  readonly received: number;
}

/** Notes which TCP connection carries a session: the TLS socket counts only what is within. */
export function noteCarrier(session: ClientHttp2Session, socket: Socket): void {
  carriers.set(session, socket);
}

/** What passed so far below a session that we dialled; it can be asked after the end as well. */
export function trafficOf(session: ClientHttp2Session): () => Traffic {
  const socket = carriers.get(session);
  return () => ({ sent: socket?.bytesWritten ?? 0, received: socket?.bytesRead ?? 0 });
}
