import type { SyncDisk } from "./disk.ts";

/** Keeps nothing beyond the process: for agents, whose key ends with them, and for tests. */
export function memoryDisk(): SyncDisk {
  return {
    place: "memory",
    load: (fresh) => Promise.resolve({ replica: fresh, holds: new Map() }),
    save: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
