// What nodes of a shop write down, and where two of them contradict each other.
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { realWorld as world } from "@foedus/kernel/world.real.ts";
import { twinCarrier } from "@foedus/sdk/sync/carrier.twin.ts";
import { type Collections, openCollectionsOn } from "@foedus/sdk/sync/collections.ts";
import { memoryDisk } from "@foedus/sdk/sync/disk.memory.ts";
import type { HubSession } from "../federation/session.ts";

const names = ["notes", "tasks", "prices", "agent-memory", "catalog"];
const titles = ["Opening hours this spring", "Opening hours from March"];
const offers = [
  { cents: 280, until: "2026-12-01" },
  { cents: 260, until: "2026-12-24" },
];

/** Two replicas that wrote before either heard of the other; they follow until they are closed. */
export async function contend(session: HubSession): Promise<readonly Collections[]> {
  const written = Promise.withResolvers<undefined>();
  const twin = twinCarrier(session.as(SyncService), world);
  const carrier: typeof twin = {
    async open(opening, signal) {
      await written.promise;
      return await twin.open(opening, signal);
    },
  };
  const kit = { world, tenant: "main", carrier };
  const open = () => openCollectionsOn({ ...kit, disk: memoryDisk() });
  const writers = [await open(), await open()];
  for (const [at, writer] of writers.entries()) await write(writer, at);
  written.resolve(undefined);
  for (const writer of writers) {
    for (const name of names) await writer.collection(name).settled("hub");
  }
  return writers;
}

async function write(writer: Collections, at: number): Promise<void> {
  for (const name of names) await writer.collection(name).put(`${name}-${at}`, { by: at });
  await writer.collection("notes").put("shop", { title: titles[at] ?? "" });
  await writer.collection("prices").put("espresso", { offer: offers[at] ?? {} });
}
