import { setTimeout as pause } from "node:timers/promises";
import { bringUp, takeDown } from "./bundled.postmaster.ts";
import { servesCluster } from "./bundled.process.ts";
import type { Server, Start } from "./bundled.spawn.ts";

const lookEveryMs = 100;
/** A server that dies this often in a row is not helped by another start. */
const restartsMax = 5;
/** Having run this long, a server counts as well again. */
const wellAfterMs = 60_000;

/** Starts the server again whenever it dies; the returned function ends that, and the server. */
export function keepUp(
  start: Start,
  first: Server,
  log: (line: string) => void,
): () => Promise<void> {
  const ending = new AbortController();
  let server = first;
  let restarts = 0;
  let upSinceMs = performance.now();

  async function restart(): Promise<void> {
    if (performance.now() - upSinceMs > wellAfterMs) restarts = 0;
    restarts += 1;
    if (restarts > restartsMax) return giveUp(`it died ${restarts} times in a row`);
    log(`PostgreSQL (process ${server.pid}) died; starting it again`);
    try {
      server = await bringUp(start, false);
      upSinceMs = performance.now();
      log(`PostgreSQL is back (process ${server.pid})`);
    } catch (error) {
      log(
        `PostgreSQL does not come back: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  function giveUp(why: string): void {
    log(`PostgreSQL stays down: ${why}. Its log is ${start.place.root}/postgres.log`);
    ending.abort();
  }

  async function watch(): Promise<void> {
    while (!ending.signal.aborted) {
      if (!servesCluster(server.pid, start.cluster)) await restart();
      await pause(lookEveryMs, undefined, { ref: false, signal: ending.signal }).catch(() => {});
    }
  }

  const watching = watch();
  return async () => {
    ending.abort();
    await watching;
    await takeDown(server, start.cluster);
  };
}
