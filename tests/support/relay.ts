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
}

/** Opens a relay to an address; it ends with the test. */
export async function openRelay(to: string): Promise<Relay> {
  const passed = { up: 0, down: 0 };
  const target = new URL(`tcp://${to}`);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    pass(near, far, (bytes) => (passed.up += bytes));
    pass(far, near, (bytes) => (passed.down += bytes));
    for (const socket of [near, far]) open.add(socket.on("close", () => open.delete(socket)));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const sever = () => {
    for (const socket of open) socket.destroy();
  };
  onTestFinished(() => {
    server.close();
    sever();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, passed, sever };
}

function pass(from: Socket, to: Socket, count: (bytes: number) => void): void {
  from.on("data", (chunk: Buffer) => {
    count(chunk.length);
    to.write(chunk);
  });
  from.on("error", () => to.destroy()).on("close", () => to.destroy());
}

/** Lets a node that joined find its hub elsewhere. */
export async function lead(folder: string, nodeAddress: string): Promise<void> {
  const file = join(folder, "node.json");
  const kept = JSON.parse(await readFile(file, "utf8")) as { admission: object };
  const admission = { ...kept.admission, nodeAddress };
  await writeFile(file, JSON.stringify({ ...kept, admission }));
}

/** Where a node that joined finds its hub. */
export async function addressKept(folder: string): Promise<string> {
  const text = await readFile(join(folder, "node.json"), "utf8");
  return (JSON.parse(text) as { admission: { nodeAddress: string } }).admission.nodeAddress;
}
