import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { GrantChangedSchema } from "@foedus/gen/foedus/sync/v1/sync_event_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import type { Timers } from "@foedus/kernel/world.ts";
import type { ParentLine } from "../../runtime/parent.ts";

/** What of the line to the parent it takes. */
type Line = Pick<ParentLine, "client" | "signal">;

const types = [factType(GrantChangedSchema)];

/** Whoever is refused with leave in hand asks a process of the parent that has not heard of it. */
const hearsayMs = 500;

/**
 * Resolves as soon as an admin of the parent has let this hub relay, or once so much time has
 * passed: where the parent does not tell, asking again is what is left.
 */
export async function untilGranted(
  line: Line,
  waitMs: number,
  timers: Timers,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, line.signal, over.signal]);
  const heard = granted(line, timers, either, () => over.abort());
  await timers.sleep(waitMs, either);
  over.abort();
  await heard;
}

/** Looks at first, and whenever the parent tells that a grant has changed. */
async function granted(
  line: Line,
  timers: Timers,
  signal: AbortSignal,
  done: () => void,
): Promise<void> {
  let looks = 0;
  try {
    const told = line.client(EventService).subscribe({ types }, { signal });
    for await (const { item } of told) {
      if (item.case === undefined) continue;
      looks += 1;
      // A node is shown its own and no other's.
      const { grants } = await line.client(CollectionService).listGrants({}, { signal });
      if (!grants.some(({ relays }) => relays)) continue;
      if (looks === 1) await timers.sleep(hearsayMs, signal);
      return done();
    }
  } catch {
    // Whoever is not told waits.
  }
}
