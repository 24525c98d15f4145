import { newUuid } from "@foedus/kernel/ids.ts";
import { roomsFor, type Place } from "@foedus/kernel/task/places.ts";
import { parentWorker } from "@foedus/kernel/task/relay.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import { claimTasks } from "./claim.store.ts";
import type { Stored } from "./row.store.ts";

/** What has been claimed for the parent. */
interface Shelf {
  readonly tenant: TenantId;
  all(): readonly Place[];
  take(tasks: readonly Stored[]): Promise<void>;
}

interface ClaimUp {
  readonly queue: string;
  readonly lines: readonly string[];
  /** So many more may be on their way. */
  mayRise(): number;
}

type Kit = Pick<Hub, "storage" | "world"> & {
  readonly identity: Pick<Hub["identity"], "hubId">;
};

/** Claims of a queue's lines for the parent what their shares of the places allow. */
export async function claimUp(
  { storage, world, identity }: Kit,
  shelf: Shelf,
  { queue, lines, mayRise }: ClaimUp,
): Promise<void> {
  for (let left = lines; left.length > 0;) {
    const [room] = roomsFor(shelf.all(), queue, left);
    const count = Math.min(room?.count ?? 0, mayRise());
    if (room === undefined || count <= 0) return;
    const claimId = newUuid(world.random);
    const wish = { nodeId: identity.hubId, worker: parentWorker, claimId, count };
    const claim = { tenant: shelf.tenant, queue, lines: room.lines, wishes: [wish] };
    const { tasks } = await claimTasks(storage, claim);
    await shelf.take(tasks[0] ?? []);
    left = left.filter((line) => !room.lines.includes(line));
  }
}
