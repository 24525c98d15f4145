import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Reason, WaitingSchema } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  SyncService,
  type SessionRequestSchema,
} from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { Opened } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { ErrorInfoSchema } from "@foedus/gen/google/rpc/error_details_pb.js";
import { ConnectError } from "@connectrpc/connect";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import type { ParentLine } from "../../runtime/parent.ts";
import type { Driver } from "./driver.loop.ts";
import { untilGranted } from "./leave.flow.ts";
import { parentName, protocol } from "./opening.ts";
import type { Parents } from "./parent.store.ts";
import type { Seat } from "./seat.ts";
import { attemptAfter, ungranted, waitAfter, type Attempt } from "./uplink.ts";

type Asked = MessageInitShape<typeof SessionRequestSchema>;

/** Keeps a session with the parent, whenever the hub is connected to one. */
export function uplinkLoop(hub: Hub, driver: Driver, parents: Parents): Loop {
  const run = async (ending: AbortSignal) => {
    const signal = AbortSignal.any([ending, hub.draining]);
    const { clock, timers, random } = hub.world;
    let attempt: Attempt | undefined;
    while (!signal.aborted) {
      const line = await hub.parent.line(signal);
      if (line === undefined) return;
      const startMs = clock.monotonic();
      let why: string | undefined;
      try {
        await beChild(hub, driver, parents, line, signal);
      } catch (error) {
        if (!signal.aborted) why = note(hub, error, attempt?.why);
      }
      attempt = attemptAfter(attempt, why, clock.monotonic() - startMs);
      const waitMs = waitAfter(attempt, random);
      if (why === ungranted) await untilGranted(line, waitMs, timers, signal);
      else await timers.sleep(waitMs, signal);
    }
  };
  return { name: "sync.parent", run };
}

/** One session as a hub of the parent, until either side ends it or its connection grows old. */
async function beChild(
  hub: Hub,
  driver: Driver,
  parents: Parents,
  line: ParentLine,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, line.signal, line.moving(), over.signal]);
  const seated = Promise.withResolvers<Seat>();
  // Nobody waits for it where the parent refuses.
  seated.promise.catch(() => undefined);
  const leave = () => seated.reject(new Error("the session is over"));
  either.addEventListener("abort", leave, { once: true });
  let seat: Seat | undefined;
  try {
    const asked = said(hub, seated.promise);
    const answers = line.client(SyncService).session(asked, { signal: either });
    for await (const { said: answer } of answers) {
      if (answer.case === "opened") {
        await parents.meet(answer.value);
        seat = sit(hub, driver, line, answer.value);
        hub.parent.wait(undefined);
        seated.resolve(seat);
      } else if (answer.case === "frame") await seat?.take(answer.value);
      if (seat?.wire.ended === true) return;
    }
  } finally {
    either.removeEventListener("abort", leave);
    leave();
    over.abort();
    seat?.leave();
  }
}

async function* said(hub: Hub, seated: Promise<Seat>): AsyncGenerator<Asked, void, void> {
  const { zones } = hub.config();
  const open = { protocolMin: protocol, protocolMax: protocol, relays: true, zones };
  yield { said: { case: "open", value: open } };
  const { wire } = await seated;
  for (;;) {
    const frame = await wire.next();
    if (frame === undefined) return;
    yield { said: { case: "frame", value: frame } };
  }
}

/** The parent at a session of this hub's own core; only the hub's own tenant goes up. */
function sit(hub: Hub, driver: Driver, line: ParentLine, { zones, hubName }: Opened): Seat {
  return driver.open({
    session: newId("sync", hub.world),
    tenant: line.ownTenant,
    zones,
    peer: "PARENT",
    name: parentName,
    title: hubName,
    grantee: undefined,
    owner: parentName,
    replica: "",
    writes: true,
  });
}

/**
 * Why there is no session, for whoever looks how the hub stands with its parent; what was said the
 * last time is not said again.
 */
function note(hub: Hub, error: unknown, before: string | undefined): string {
  const info = error instanceof ConnectError ? error.findDetails(ErrorInfoSchema)[0] : undefined;
  const why = info?.reason ?? String(error);
  if (why !== before) hub.log.warn("no sync with the parent", { error });
  if (info?.reason === ungranted) {
    const command = `foedus sync grant ${info.metadata["node"] ?? ""} --relay`;
    waitFor(hub, "leave to sync as a hub", "an admin of the parent", command);
  }
  if (error instanceof Fault && error.reason === Reason.SYNC_PARENT_NOT_DRAINED) {
    const former = `the former parent ${String(error.facts["former"])}`;
    const command = `foedus hub serve --parent INVITATION  # of ${former}, until it lacks none`;
    waitFor(hub, `${former} to have all writes`, "the operator of this hub", command);
  }
  return why;
}

function waitFor(hub: Hub, waitingFor: string, whoCanEndIt: string, command: string): void {
  const sinceMs = hub.parent.waiting()?.sinceMs ?? BigInt(hub.storage.nowMs());
  hub.parent.wait(create(WaitingSchema, { waitingFor, whoCanEndIt, sinceMs, command }));
}
