import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort, socketLockOf } from "./bundled.address.ts";
import { cannotRun } from "./bundled.fault.ts";
import { isAlive, isZombie, readPid, readPostmaster, servesCluster } from "./bundled.process.ts";
import { lookEveryMs, startMaxMs, tryStart, type Server, type Start } from "./bundled.spawn.ts";

/** How long processes of a dead server may keep its lock or its memory. */
const leftoversMaxMs = 30_000;
const retryEveryMs = 100;
/** A dead server whose parent never asks how it died would block the next one for good. */
const zombieMaxMs = 2_000;
/** Ending every connection and writing a checkpoint takes a moment; then it ends without. */
const stopMaxMs = 30_000;

const leftovers = /lock file "[^"]*" already exists|pre-existing shared memory block/;
const portTaken = /could not bind IPv4 address|could not create any TCP\/IP sockets/;

/** Adopts the server that runs on the cluster, or starts one; at another port only if it may. */
export async function bringUp(start: Start, mayMove = true): Promise<Server> {
  const begunMs = performance.now();
  const elapsedMs = () => performance.now() - begunMs;
  let address = start.address;
  for (;;) {
    const found = readPostmaster(start.cluster);
    if (found && servesCluster(found.pid, start.cluster)) {
      const { pid, port, socketFolder } = found;
      if (found.isReady) return { pid, adopted: true, address: { socketFolder, port } };
      if (elapsedMs() > startMaxMs) throw cannotRun(`process ${pid} does not become ready`);
      await pause(lookEveryMs);
      continue;
    }
    forgetDead(start, elapsedMs());
    const outcome = await tryStart({ ...start, address });
    if (typeof outcome !== "string") return outcome;
    const passes = leftovers.test(outcome) || portTaken.test(outcome);
    if (!passes || elapsedMs() > leftoversMaxMs) throw cannotRun(outcome);
    if (mayMove && portTaken.test(outcome)) address = { socketFolder: "", port: await freePort() };
    await pause(retryEveryMs);
  }
}

/**
 * PostgreSQL takes a process that has a dead server's number for that server, and a zombie too. It
 * still checks by itself that nobody is attached to the cluster's memory.
 */
function forgetDead({ cluster, address }: Start, elapsedMs: number): void {
  for (const file of [join(cluster, "postmaster.pid"), socketLockOf(address)]) {
    const pid = file && readPid(file);
    if (!pid || servesCluster(pid, cluster)) continue;
    const lingers = isZombie(pid) && elapsedMs > zombieMaxMs;
    if (isAlive(pid) || lingers) rmSync(file, { force: true });
  }
}

/** Stops a server: connections end at once, what was committed is on disk. */
export async function takeDown(server: Server, cluster: string): Promise<void> {
  server.child?.ref();
  const begunMs = performance.now();
  let signal: NodeJS.Signals | undefined = "SIGINT";
  // Asked each time: the number of a server that died by itself may be somebody else's by now.
  while (servesCluster(server.pid, cluster)) {
    if (signal !== undefined) kill(server.pid, signal);
    const isLate = performance.now() - begunMs > stopMaxMs;
    signal = isLate ? "SIGQUIT" : undefined;
    await pause(lookEveryMs);
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}
