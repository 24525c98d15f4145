import type { Waiting } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Admission } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { fingerprintOf } from "@foedus/kernel/fingerprint.ts";
import type { Invitation } from "@foedus/kernel/invitation.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { HubClock } from "../clock.ts";
import { errorOf } from "../error.wire.ts";
import type { NodeStore } from "../store/store.ts";
import { isPassing, persist, waitMs } from "../wire/persist.ts";
import { requireCoherent } from "./admit.ts";
import type { Attempt } from "./attempt.ts";
import { contactHub } from "./contact.ts";

/** What a joiner that waits may tell its people. */
export interface WaitingNotice {
  /** What it waits for, who can end it, since when, and the command that does. */
  readonly waiting: Waiting;
  /** What the admin compares before saying yes. */
  readonly fingerprint: string;
}

/** What joining works with. */
export interface JoinKit {
  readonly world: World;
  readonly store: NodeStore;
  readonly clock: HubClock;
  readonly invitation: Invitation;
  readonly signal: AbortSignal | undefined;
  readonly waiting: ((notice: WaitingNotice) => void) | undefined;
}

const attemptsMax = 5;
const enrollMs = 20_000;

/** How soon it asks again when the hub does not say. */
const againMs = 5_000;

/**
 * How long the hub may keep an answer back that says to wait: so a decision is heard at once, and
 * twenty who wait behind one address stay below what that address may ask in a minute.
 */
export const holdMs = 25_000n;

/**
 * Asks with the very same request until the hub has admitted or refused. Once an admin has to
 * decide, a hub that is away is waited for as well.
 */
export async function askToJoin(kit: JoinKit, attempt: Attempt): Promise<Admission> {
  const { world, signal } = kit;
  let waits = false;
  const told = teller(kit, attempt, () => (waits = true));
  for (let failures = 1; ; failures += 1) {
    try {
      return await askOver(kit, attempt, told);
    } catch (thrown) {
      signal?.throwIfAborted();
      const error = errorOf(thrown);
      if (!isPassing(error) || (!waits && failures >= attemptsMax)) throw error;
      await world.timers.sleep(waitMs(error, failures, world), signal);
    }
    signal?.throwIfAborted();
  }
}

/** One connection, for as long as it holds. */
async function askOver(
  kit: JoinKit,
  attempt: Attempt,
  told: (waiting: Waiting) => void,
): Promise<Admission> {
  const { world, invitation, signal } = kit;
  using contact = await contactHub(invitation, kit);
  // The first answer comes at once: people are to be told what is waited for.
  for (let held = 0n; ; held = holdMs) {
    const timeoutMs = enrollMs + Number(held);
    const request = { ...attempt.request, holdMs: held };
    const call = () => contact.client.enroll(request, { timeoutMs, signal });
    // A crowd that joins at once is told to wait: that needs no second contact.
    const { admission, waiting, retryMs } = await persist(call, { ...kit, attemptsMax });
    if (admission !== undefined || waiting === undefined) {
      return requireCoherent(admission, invitation, contact.chain);
    }
    told(waiting);
    if (held > 0n) await world.timers.sleep(Number(retryMs) || againMs, signal);
    signal?.throwIfAborted();
  }
}

/** Tells the first time, and when it is another wait. */
function teller(kit: JoinKit, { request }: Attempt, waits: () => void) {
  let last = "";
  const fingerprint = fingerprintOf(request.identityKey);
  return (waiting: Waiting) => {
    waits();
    const now = `${waiting.sinceMs} ${waiting.command}`;
    if (now !== last) kit.waiting?.({ waiting, fingerprint });
    last = now;
  };
}
