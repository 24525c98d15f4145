// A relay between a node and its hub, which counts the bytes that pass.
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A relay, and what passed since it was opened. */
export interface Relay {
  readonly address: string;
  readonly passed: { up: number; down: number };
  /** Breaks off all that passes now; what comes later passes. */
  sever(): void;
  /** Breaks off each connection amid the bytes that it carries next, at most so many. */
  tear(bytesMax: number): void;
  /** Breaks off all, and lets nothing in. */
  shut(): void;
  open(): void;
}

/** Where a relay listens; anywhere unless it is told. */
export interface RelayPlace {
  readonly host: string;
  readonly port: number;
}

const anywhere: RelayPlace = { host: "127.0.0.1", port: 0 };

/** Opens a relay to an address; it ends with the test. */
export async function openRelay(to: string, { host, port } = anywhere): Promise<Relay> {
  const passed = { up: 0, down: 0 };
  const target = new URL(`tcp://${to}`);
  const open = new Set<Socket>();
  const lets: { in: boolean; bytes: number } = { in: true, bytes: Infinity };
  const count = (way: "up" | "down") => (bytes: number) => {
    passed[way] += bytes;
    lets.bytes -= bytes;
    return lets.bytes;
  };
  const server = createServer((near) => {
    if (!lets.in) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    pass(near, far, count("up"));
    pass(far, near, count("down"));
    for (const socket of [near, far]) open.add(socket.on("close", () => open.delete(socket)));
  });
  await once(server.listen(port, host), "listening");
  const sever = () => {
    for (const socket of open) socket.destroy();
  };
  onTestFinished(() => {
    server.close();
    sever();
  });
  return {
    address: `${host}:${(server.address() as AddressInfo).port}`,
    passed,
    sever,
    tear: (bytesMax) => void (lets.bytes = bytesMax),
    shut() {
      lets.in = false;
      sever();
    },
    open() {
      lets.in = true;
      lets.bytes = Infinity;
    },
  };
}

/** A connection whose last bytes are not let through ends there. */
function pass(from: Socket, to: Socket, count: (bytes: number) => number): void {
  from.on("data", (chunk: Buffer) => {
    const left = count(chunk.length);
    if (left >= 0) return void to.write(chunk);
    const kept = chunk.subarray(0, Math.max(0, chunk.length + left));
    to.end(kept, () => to.destroy());
    from.destroy();
  });
  from.on("error", () => to.destroy()).on("close", () => to.destroy());
}

/** Lets a node that joined find its hub elsewhere, and nowhere else. */
export async function lead(folder: string, nodeAddress: string): Promise<void> {
  const file = join(folder, "node.json");
  const kept = JSON.parse(await readFile(file, "utf8")) as { admission: object };
  const admission = { ...kept.admission, nodeAddress, nodeAddresses: [] };
  await writeFile(file, JSON.stringify({ ...kept, admission }));
}

/** Where a node that joined finds its hub. */
export async function addressKept(folder: string): Promise<string> {
  const text = await readFile(join(folder, "node.json"), "utf8");
  return (JSON.parse(text) as { admission: { nodeAddress: string } }).admission.nodeAddress;
}
