import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Opened } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import { FoedusError } from "../error.ts";
import { errorOf } from "../error.wire.ts";
import { linked, orAborted } from "../signals.ts";
import { isPassing } from "../wire/persist.ts";
import type { Carrier } from "./carrier.ts";

/** Who somebody is to a hub. */
export interface Whose {
  readonly hub: string;
  readonly tenant: string;
  readonly owner: string;
}

/** Where it is kept who opened collections last, for when the hub does not answer. */
export interface Memo {
  read(): Promise<Whose | undefined>;
  keep(whose: Whose): Promise<void>;
}

const protocol = 1;
const askMs = 2_000;

/** The name of what somebody writes: nobody else's, of no other tenant and no other hub. */
export function placeOf(name: string, { hub, tenant, owner }: Whose): string {
  return `${name}@${hub}/${tenant}/${owner}`;
}

/**
 * Who is signed in; who was the last time, while the hub does not answer.
 *
 * @throws FoedusError as the hub refuses, or when it never answered yet.
 */
export async function whoseIs(carrier: Carrier, memo: Memo, world: World): Promise<Whose> {
  try {
    const now = await ask(carrier, world);
    await memo.keep(now);
    return now;
  } catch (thrown) {
    const error = errorOf(thrown);
    const last = isPassing(error) ? await memo.read() : undefined;
    if (last === undefined) throw error;
    return last;
  }
}

/**
 * A carrier that sends nothing of one as another: who opened first, or wrote what is kept, is who
 * all sessions must be of.
 */
export function guarded(carrier: Carrier, whose: Whose | undefined, world: World): Carrier {
  let known = whose;
  const require = (now: Whose) => {
    known ??= now;
    if (placeOf("", known) !== placeOf("", now)) throw ofAnother(known, now);
  };
  return {
    async open(opening, signal) {
      try {
        const session = await carrier.open(opening, signal);
        require(whoseOf(session.opened));
        return session;
      } catch (thrown) {
        // A key is another's to who has signed in meanwhile as well: it must not be given up.
        const isTaken = errorOf(thrown).reason === Reason.SYNC_REPLICA_TAKEN;
        if (isTaken && known !== undefined) require(await ask(carrier, world, signal));
        throw thrown;
      }
    },
  };
}

/** A session that reads nothing says whose it is. */
async function ask(carrier: Carrier, { timers }: World, signal?: AbortSignal): Promise<Whose> {
  using asking = linked(signal);
  const detail = `it was silent for ${askMs} ms`;
  const silent = () =>
    asking.abort(new FoedusError(Reason.HUB_UNREACHABLE, { address: "the hub", detail }));
  const timer = timers.after(askMs, silent);
  try {
    const opening = { protocolMin: protocol, protocolMax: protocol, replica: "" };
    const { opened } = await orAborted(carrier.open(opening, asking.signal), asking.signal);
    return whoseOf(opened);
  } finally {
    timer.cancel();
    asking.abort(new FoedusError(Reason.SYNC_CLOSED));
  }
}

function whoseOf({ hubName: hub, tenant, owner }: Opened): Whose {
  return { hub, tenant, owner };
}

function ofAnother({ hub, owner }: Whose, now: Whose): FoedusError {
  const facts = { owner, hub, now: `${now.owner} at ${now.hub}` };
  return new FoedusError(Reason.SYNC_DISK_OF_ANOTHER, facts);
}
