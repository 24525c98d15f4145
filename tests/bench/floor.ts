// What the floors' processes have in common, and how they are started.
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Server } from "node:net";
import { fileURLToPath } from "node:url";
import type { TlsMaterial } from "../../server/runtime/listen/peer.ts";

/** A floor that runs. */
export interface Floor {
  readonly pid: number;
  readonly port: number;
  stop(): void;
}

/** Starts a floor's process. */
export async function startFloor(name: "h2" | "grpc", material: TlsMaterial): Promise<Floor> {
  const script = fileURLToPath(new URL(`floor.${name}.ts`, import.meta.url));
  const env = { ...process.env, FLOOR_TLS: JSON.stringify(material) };
  const child: ChildProcess = fork(script, { env, stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [port] = (await once(child, "message")) as [number];
  return { pid: child.pid ?? 0, port, stop: () => child.kill() };
}

/** In the floor's process: what it shows of itself, and whom it trusts. */
export function readMaterial(): TlsMaterial & { readonly roots: string[] } {
  return JSON.parse(process.env.FLOOR_TLS ?? "{}") as TlsMaterial & { roots: string[] };
}

/** In the floor's process: tells where it listens. */
export function tell(port: number): void {
  process.send?.(port);
}

/** In the floor's process: tells where a server listens, once it does. */
export function listening(server: Server): void {
  server.once("listening", () => {
    const address = server.address();
    tell(typeof address === "object" ? (address?.port ?? 0) : 0);
  });
}
