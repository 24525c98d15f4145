// Ports that a hub finds again when it is restarted. The system's own choice would not do: what it
// gives to one who asks for any, it gives to the next connection of anybody once that one is gone.
import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";

/** Below what systems give away by themselves, beyond what browsers refuse. */
const portMin = 12_000;
const portMax = 32_000;
/** Enough for the hubs of one process; whoever needs more takes another block. */
const blockSize = 40;

let next = 0;
let end = 0;

/** Flags by which a hub listens where nobody else will, while this process lives. */
export async function ownPorts(): Promise<string[]> {
  const [web, node, join] = [await ownPort(), await ownPort(), await ownPort()];
  return ["--web-port", `${web}`, "--node-port", `${node}`, "--join-port", `${join}`];
}

/** A port where nobody else will listen, while this process lives. */
export async function ownPort(): Promise<number> {
  for (;;) {
    if (next >= end) await takeBlock();
    const port = next++;
    const server = await listening(port);
    if (server === undefined) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** A block is ours while we listen at its first port. */
async function takeBlock(): Promise<void> {
  for (;;) {
    const first = portMin + blockSize * randomInt((portMax - portMin) / blockSize);
    const server = await listening(first);
    if (server === undefined) continue;
    server.unref();
    [next, end] = [first + 1, first + blockSize];
    return;
  }
}

function listening(port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => resolve(server));
  });
}
