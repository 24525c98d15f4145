// A relay that counts the bytes of the socket, TLS and acknowledgements included.
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";

/** What passed since it was opened. */
export interface Counter {
  readonly address: string;
  readonly passed: { up: number; down: number };
  close(): void;
}

/** Opens one to an address. */
export async function openCounter(
  to: string,
  place: { readonly host: string; readonly port: number } = { host: "127.0.0.1", port: 0 },
): Promise<Counter> {
  const passed = { up: 0, down: 0 };
  const target = new URL(`tcp://${to}`);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    pass(near, far, (bytes) => (passed.up += bytes));
    pass(far, near, (bytes) => (passed.down += bytes));
    for (const socket of [near, far]) open.add(socket.on("close", () => open.delete(socket)));
  });
  await once(server.listen(place.port, place.host), "listening");
  return {
    address: `${place.host}:${(server.address() as AddressInfo).port}`,
    passed,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function pass(from: Socket, to: Socket, count: (bytes: number) => void): void {
  from.setNoDelay(true).on("data", (chunk: Buffer) => {
    count(chunk.length);
    to.write(chunk);
  });
  from.on("error", () => to.destroy()).on("close", () => to.destroy());
}
