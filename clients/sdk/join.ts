import { ConnectError } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Admission } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { Invitation, TokenParts } from "@foedus/kernel/invitation.ts";
import { formatInvitation, parseInvitation, parseToken } from "@foedus/kernel/invitation.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { World } from "@foedus/kernel/world.ts";
import { hubClock } from "./clock.ts";
import { FoedusError } from "./error.ts";
import { askToJoin, type JoinKit, type WaitingNotice } from "./membership/ask.ts";
import type { Attempt } from "./membership/attempt.ts";
import { beginAttempt, endAttempt, unfinishedAttempt } from "./membership/attempt.ts";
import { readTime, writeTime } from "./membership/clock-file.ts";
import type { Membership } from "./membership/membership.ts";
import {
  moveInvitation,
  readMembership,
  writeAdmission,
  writeIdentity,
} from "./membership/membership.ts";
import { folderStore } from "./store/folder.ts";
import type { NodeStore } from "./store/store.ts";
import { isPassing } from "./wire/persist.ts";

/** How to join. */
export interface JoinOptions {
  /** foedus://host:port/tenant#hash, as the hub prints it. */
  readonly invitation: string;
  /**
   * A join token, as `foedus token create` prints it; leave it out where an invitation suffices.
   */
  readonly token?: string;
  /** The name to take; the token's if it has one. */
  readonly name?: string;
  /** Where the node keeps its keys: a folder, or a store of your own. */
  readonly folder: string | NodeStore;
  /** Clock and chance; the machine's own unless a test hands in others. */
  readonly world?: World;
  /** Ends the wait for the hub or for an admin; the next run goes on with the same wish. */
  readonly signal?: AbortSignal;
  /** Told when an admin has to decide, and again when that changes. */
  readonly waiting?: (notice: WaitingNotice) => void;
}

/** Who the node is from now on. */
export interface Joined {
  readonly nodeId: string;
  readonly name: string;
  readonly tenant: string;
  readonly spiffeId: string;
  /** Whether it had joined before, so that no token was spent. */
  readonly already: boolean;
}

/**
 * Joins a hub: makes the node's keys, proves the hub by the invitation's hash, redeems the token
 * and keeps what the hub answers. Safe to repeat: a node that joined stays the node it is, and a
 * run that crashed midway is finished by the next one, though the token is spent. Without a token
 * it waits, for days if need be, until an admin has decided.
 *
 * @throws FoedusError, for example TOKEN_USED, JOIN_DENIED, HUB_NOT_TRUSTED, JOINED_ELSEWHERE
 */
export async function joinHub(options: JoinOptions): Promise<Joined> {
  const { world = realWorld, signal } = options;
  const invitation = invitationOf(options.invitation);
  const token = tokenOf(options.token, invitation);
  const store = typeof options.folder === "string" ? folderStore(options.folder) : options.folder;
  const held = await store.hold("foedus node join");
  try {
    const member = await readMembership(store);
    if (member !== undefined) return already(member, invitation, store);
    const clock = hubClock(world.clock, (await readTime(store)).skewMs);
    const kit: JoinKit = { world, store, clock, invitation, signal, waiting: options.waiting };
    const admission = (await finished(kit, token)) ?? (await begun(kit, token, options.name ?? ""));
    return { ...identityOf(admission), already: false };
  } finally {
    held.release();
  }
}

/** What an earlier run began; undefined when there is nothing, or the hub refused it for good. */
async function finished(
  kit: JoinKit,
  token: TokenParts | undefined,
): Promise<Admission | undefined> {
  const attempt = await unfinishedAttempt(kit.store);
  if (attempt === undefined) return undefined;
  // Whoever got a token meanwhile does not wait any longer.
  const overtaken = token !== undefined && attempt.request.token === "";
  if (!overtaken && attempt.invitation === formatInvitation(kit.invitation)) {
    try {
      return await enroll(kit, attempt);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  await endAttempt(kit.store);
  return undefined;
}

/** Whether the hub itself said no, and will say no again. */
function isRefusal(error: unknown): boolean {
  return error instanceof FoedusError && error.cause instanceof ConnectError && !isPassing(error);
}

async function begun(
  kit: JoinKit,
  token: TokenParts | undefined,
  name: string,
): Promise<Admission> {
  const attempt = await beginAttempt(kit.store, kit.world, kit.invitation, { token, name });
  try {
    return await enroll(kit, attempt);
  } catch (error) {
    if (isRefusal(error)) await endAttempt(kit.store);
    throw error;
  }
}

async function enroll(kit: JoinKit, attempt: Attempt): Promise<Admission> {
  const { store, invitation, clock } = kit;
  const admission = await askToJoin(kit, attempt);
  await writeIdentity(store, attempt.identity);
  await writeTime(store, { skewMs: clock.skewMs(), hubMs: clock.now(), epoch: 0 });
  await writeAdmission(store, admission, invitation, attempt.tlsKey);
  await endAttempt(store);
  return admission;
}

/** The invitation may name a new address of the same hub, which is kept. */
async function already(
  { admission, invitation }: Membership,
  invited: Invitation,
  store: NodeStore,
): Promise<Joined> {
  if (invitation.caHash !== invited.caHash || invitation.tenant !== invited.tenant) {
    const facts = { place: store.place, node: admission.name };
    throw new FoedusError(Reason.JOINED_ELSEWHERE, facts);
  }
  if (formatInvitation(invitation) !== formatInvitation(invited)) {
    await moveInvitation(store, invited);
  }
  return { ...identityOf(admission), already: true };
}

function identityOf({ nodeId, name, tenant, spiffeId }: Admission): Omit<Joined, "already"> {
  return { nodeId, name, tenant, spiffeId };
}

function invitationOf(text: string): Invitation {
  const invitation = parseInvitation(text);
  if (invitation === undefined) throw new FoedusError(Reason.INVITATION_INVALID, { text });
  return invitation;
}

/** Its text is in no message: it is a secret. */
function tokenOf(text: string | undefined, invitation: Invitation): TokenParts | undefined {
  if (text === undefined) return undefined;
  const token = parseToken(text);
  if (token === undefined) throw new FoedusError(Reason.TOKEN_MALFORMED, { where: "the text" });
  if (token.caHash !== invitation.caHash) throw new FoedusError(Reason.TOKEN_OF_ANOTHER_HUB);
  return token;
}
