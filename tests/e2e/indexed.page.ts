// What a test of IndexedDB lets a page do: real replicas over a hub within the page.
import { realWorld as world } from "@foedus/kernel/world.real.ts";
import { createClient } from "@connectrpc/connect";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { twinCarrier } from "../../clients/sdk/sync/carrier.twin.ts";
import { type Collections, openCollectionsOn } from "../../clients/sdk/sync/collections.ts";
import { indexedDisk } from "../../clients/sdk/sync/disk.indexed.ts";
import { memoryDisk } from "../../clients/sdk/sync/disk.memory.ts";
import { type SyncHub, syncHub } from "../support/hub.sync.ts";

const limits = { opBytesMax: 200, settledKept: 2 };
const kinds = { title: "multi" } as const;

async function opened(hub: SyncHub | undefined, kept: boolean, name: string): Promise<Collections> {
  const carrier = hub && twinCarrier(createClient(SyncService, hub.transport), world);
  const disk = kept ? indexedDisk(name, world) : memoryDisk();
  return await openCollectionsOn({ world, disk, tenant: "", carrier });
}

/** Everything that can be compared, as text. */
function textOf({ replica, holds }: { replica: string; holds: ReadonlyMap<string, unknown> }) {
  return JSON.stringify({ replica, holds: [...holds] }, (_, value: unknown) => {
    if (value instanceof Map)
      return [...value].toSorted(([one], [other]) => (one < other ? -1 : 1));
    if (value instanceof Uint8Array) return [...value].join();
    return typeof value === "bigint" ? String(value) : value;
  });
}

/** Traffic of every sort; what was held in memory then, and what the database gives back. */
async function keptAndHeld(name: string): Promise<[string, string]> {
  const hub = syncHub("hub-1", limits);
  const other = (await opened(hub, false, "")).collection("notes", { kinds });
  const all = await opened(hub, true, name);
  const notes = all.collection("notes", { kinds });
  for (let n = 0; n < 20; n++) {
    await notes.put(`n${n % 7}`, { title: n, text: "a" });
    await other.put(`n${n % 5}`, { title: -n });
    if (n % 4 === 0) await notes.remove(`n${n % 7}`, "text");
    await notes.increment("count", "n", n);
  }
  await notes.add("row");
  await notes.put("large", { text: "x".repeat(300) });
  await notes.settled("parent");
  await notes.takeBack(notes.quarantine()[0]?.id ?? "");
  hub.cut();
  await notes.put("late", { title: "on top" });
  const held = textOf(all.replica.state);
  await all.close();
  return [textOf(await indexedDisk(name, world).load("another")), held];
}

/** Writes without an end; the test reads how far it got, and closes the page. */
async function writeOn(name: string): Promise<void> {
  const notes = (await opened(undefined, true, name)).collection("notes");
  for (let n = 1; ; n++) {
    await notes.put(`r${n}`, { n });
    Object.assign(globalThis, { stored: n });
  }
}

async function countOf(name: string): Promise<number> {
  const all = await opened(undefined, true, name);
  const { length } = all.collection("notes").list();
  await all.close();
  return length;
}

Object.assign(globalThis, { keptAndHeld, writeOn, countOf });
