import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { GrantChangedSchema } from "@foedus/gen/foedus/sync/v1/sync_event_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import type { Timers } from "@foedus/kernel/world.ts";
import type { ParentLine } from "../../runtime/parent.ts";

/** What of the line to the parent it takes. */
type Line = Pick<ParentLine, "client" | "signal">;

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
  const heard = granted(line, timers, either).then(
    (is) => {
      if (is) over.abort();
    },
    () => undefined,
  );
  await timers.sleep(waitMs, either);
  over.abort();
  await heard;
}

/** Looks at first, and whenever the parent tells that a grant has changed. */
async function granted(line: Line, timers: Timers, signal: AbortSignal): Promise<boolean> {
  let isNew = false;
  const types = [factType(GrantChangedSchema)];
  for await (const _told of line.client(EventService).subscribe({ types }, { signal })) {
    // A node is shown its own and no other's.
    const { grants } = await line.client(CollectionService).listGrants({}, { signal });
    const isGranted = grants.some(({ relays }) => relays);
    if (isGranted && !isNew) await timers.sleep(hearsayMs, signal);
    if (isGranted) return true;
    isNew = true;
  }
  return false;
}
