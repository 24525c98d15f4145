import { chownSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Place } from "./bundled.place.ts";

/** Either a folder with a socket in it or, where its path would be too long, the loopback. */
export type Address = { socketFolder: string; port: number };

/** The longest path a socket can have. */
const socketPathMax = 107;
const socketPort = 5432;
const socketName = `.s.PGSQL.${socketPort}`;
const ownMode = 0o700;

/** Chooses where a new server will listen. */
export async function chooseAddress(place: Place): Promise<Address> {
  const socketFolder = join(place.root, "run");
  const fits = Buffer.byteLength(join(socketFolder, socketName)) <= socketPathMax;
  if (!fits || process.platform === "win32") return { socketFolder: "", port: await freePort() };
  mkdirSync(socketFolder, { recursive: true, mode: ownMode });
  if (place.owner) chownSync(socketFolder, place.owner.uid, place.owner.gid);
  return { socketFolder, port: socketPort };
}

/** A port that nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" ? (address?.port ?? 0) : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** The file by which PostgreSQL keeps a second server off a socket. */
export function socketLockOf({ socketFolder }: Address): string | undefined {
  return socketFolder === "" ? undefined : join(socketFolder, `${socketName}.lock`);
}
