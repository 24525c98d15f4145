import type { AddressInfo, Server, Socket } from "node:net";
import { createServer } from "node:net";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Meters } from "../meters.ts";
import { holderOf } from "./holder.ts";

/** The outermost part of a listener: it counts connections and hands them in. */
export interface Front {
  readonly port: number;
  connections(): number;
  /** Open connections by address. */
  addresses(): ReadonlyMap<string, number>;
  /** Takes no more connections. */
  close(): void;
  /** Ends those there are. */
  destroy(): void;
}

/** Where a front listens, and what it lets in. */
export interface FrontOptions {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
  readonly meters: Meters;
  /** Takes a connection that was let in. */
  hand(socket: Socket): void;
}

const keepAliveMs = 30_000;
const backlog = 4_096;

/** Listens. @throws Fault PORT_IN_USE naming who holds the port. */
export async function openFront(options: FrontOptions): Promise<Front> {
  const { name, meters } = options;
  const sockets = new Set<Socket>();
  const byAddress = new Map<string, number>();
  const server = createServer({
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveMs,
  });
  server.maxConnections = options.connectionsMax;
  server.on("drop", () => meters.connectionCut(name, "too many connections"));
  server.on("connection", (socket) => {
    // Whoever takes the socket over listens as well; until then a reset must not be uncaught.
    socket.on("error", () => undefined);
    const address = socket.remoteAddress ?? "";
    const count = (byAddress.get(address) ?? 0) + 1;
    if (count > options.connectionsPerAddressMax) {
      meters.connectionCut(name, "too many connections of one address");
      return void socket.destroy();
    }
    byAddress.set(address, count);
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      leave(byAddress, address);
    });
    options.hand(socket);
  });
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.size,
    addresses: () => byAddress,
    close: () => void server.close(),
    destroy: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function leave(byAddress: Map<string, number>, address: string): void {
  const left = (byAddress.get(address) ?? 1) - 1;
  if (left === 0) byAddress.delete(address);
  else byAddress.set(address, left);
}

function listen(server: Server, { name, host, port }: FrontOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const taken = "code" in error && error.code === "EADDRINUSE";
      const facts = { port, listener: name, holder: taken ? holderOf(port) : "" };
      reject(taken ? new Fault(Reason.PORT_IN_USE, facts, { cause: error }) : error);
    });
    server.listen({ host, port, backlog }, resolve);
  });
}
