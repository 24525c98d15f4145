import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Admission, Identity, JoinToken } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { AdmissionSchema, IdentitySchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { ListIdentitiesRequest } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { base64url } from "@foedus/kernel/bytes.ts";
import { factType, type Change } from "@foedus/kernel/change.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { appendAudit } from "../../runtime/storage/audit.ts";
import { decide, findAnswer } from "../../runtime/storage/decide.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { holdRevision } from "../../runtime/storage/revision.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import type { Leaf } from "./certificate.ts";
import type { Directory } from "./directory.ts";
import {
  claimKey,
  findByName,
  identityOf,
  insertIdentity,
  lockIdentity,
  recordCertificate,
  saveIdentity,
} from "./identity.rows.store.ts";
import { revoke } from "./identity.ts";
import { refusal } from "./token.ts";
import { tokenNow, type Redeem } from "./token.store.ts";

/** What capability access calls the number that joiners are judged by. */
const accessRevision = "access";

/** A page token names its list; of a thousand ids a short hash must do. */
const listLetters = 16;

/** What admitting or taking back a node comes to. */
export interface Admitted {
  readonly change: Change<Identity>;
  readonly leaf: Leaf;
  readonly answer: Admission;
}

/** What a joiner comes with, and by which number its admission was judged. */
export type Entry = { readonly revision: bigint } & (
  | { readonly tokenId: string }
  | { readonly fingerprint: string }
);

/** Decides what becomes of a joiner; what it throws leaves the token or the invitation unused. */
export type Admit = (
  token: JoinToken | undefined,
  nodeId: string,
  nowMs: number,
) => Promise<Admitted>;

/** The settings changed after they were judged by: nothing was done, and one has to judge anew. */
export class OutdatedVerdict extends Error {}

/** Decides on the next certificate of an identity. */
export type Readmit = (identity: Identity, nowMs: number) => Promise<Admitted>;

/** What identities are kept with. */
export interface IdentityStoreKit {
  readonly storage: Storage;
  readonly directory: Directory;
  readonly redeem: Redeem;
}

/** The tables of identities and their certificates. */
export function identityStore(kit: IdentityStoreKit) {
  return {
    /** @throws OutdatedVerdict when access is judged by another number now. */
    enroll: (write: Write, entry: Entry, admit: Admit) => enroll(kit, write, entry, admit),
    /** The admission that this very request brought before; undefined when it did not. */
    admittedBefore: (write: Write) => findAnswer(kit.storage, write, AdmissionSchema),
    /** Gives an identity its next certificate. */
    reissue: (write: Write, nodeId: string, admit: Readmit) => reissue(kit, write, nodeId, admit),
    /** Changes the identity of a node's id or name. */
    change: (write: Write, ref: string, transition: Transition) =>
      change(kit, write, ref, transition),
    /** Ends an identity within a loop's transaction; nothing happens when it has ended before. */
    revokeIn: (tx: TenantTx, nodeId: string, why: string) => revokeIn(kit, tx, nodeId, why),
    /** By node id. */
    list: (tenant: TenantId, request: ListIdentitiesRequest) => list(kit, tenant, request),
  };
}

/** The tables of identities and their certificates. */
export type IdentityStore = ReturnType<typeof identityStore>;

type Transition = (identity: Identity, nowMs: number) => Change<Identity>;

/** Redeems first, so that of many who race only one has its request looked at. */
async function enroll(
  kit: IdentityStoreKit,
  write: Write,
  entry: Entry,
  admit: Admit,
): Promise<Admission> {
  const { storage } = kit;
  return await decide(storage, write, AdmissionSchema, async (tx) => {
    const nodeId = newId("node", storage.world);
    const token = await spend(kit, tx, entry, nodeId, write);
    // From here on nobody changes the settings until this joiner is in, or is not.
    const revision = await holdRevision(tx, accessRevision);
    if (revision !== entry.revision) throw new OutdatedVerdict();
    const { change, leaf, answer } = await admit(token, nodeId, tx.nowMs);
    await insertIdentity(tx, change.next);
    await recordCertificate(tx, nodeId, leaf);
    learnAfter(kit, tx, change.next, leaf);
    return { answer, facts: change.facts, object: nodeId };
  });
}

/** A token admits once, and without one a key does. */
async function spend(
  { redeem }: IdentityStoreKit,
  tx: TenantTx,
  entry: Entry,
  nodeId: string,
  { requestHash }: Write,
): Promise<JoinToken | undefined> {
  if (!("tokenId" in entry)) {
    await claimKey(tx, entry.fingerprint, nodeId);
    return undefined;
  }
  const { tokenId } = entry;
  const token = await redeem(tx, { tokenId, nodeId, requestHash });
  if (token === undefined) throw await refusalNow(tx, tokenId);
  return token;
}

async function reissue(
  kit: IdentityStoreKit,
  write: Write,
  nodeId: string,
  admit: Readmit,
): Promise<Admission> {
  return await decide(kit.storage, write, AdmissionSchema, async (tx) => {
    const identity = await lockIdentity(tx, nodeId);
    if (identity === undefined) throw new Fault(Reason.NOT_FOUND, { object: `node ${nodeId}` });
    const { change, leaf, answer } = await admit(identity, tx.nowMs);
    await saveIdentity(tx, change.next);
    await recordCertificate(tx, nodeId, leaf);
    learnAfter(kit, tx, change.next, leaf);
    return { answer, facts: change.facts, object: nodeId };
  });
}

async function change(
  kit: IdentityStoreKit,
  write: Write,
  ref: string,
  transition: Transition,
): Promise<Identity> {
  return await decide(kit.storage, write, IdentitySchema, async (tx) => {
    const nodeId = await findByName(tx, ref);
    const identity = nodeId === undefined ? undefined : await lockIdentity(tx, nodeId);
    if (identity === undefined) throw new Fault(Reason.NOT_FOUND, { object: `node ${ref}` });
    const { next, facts } = transition(identity, tx.nowMs);
    await saveIdentity(tx, next);
    learnAfter(kit, tx, next);
    return { answer: next, facts, object: next.nodeId };
  });
}

async function revokeIn(
  kit: IdentityStoreKit,
  tx: TenantTx,
  nodeId: string,
  why: string,
): Promise<void> {
  const identity = await lockIdentity(tx, nodeId);
  if (identity === undefined) return;
  const { next, facts } = revoke(identity, why, tx.nowMs);
  if (facts.length === 0) return;
  await saveIdentity(tx, next);
  const asked = { caller: "svc/identity", method: "identity/revoke", requestId: "" };
  const decided = { requestHash: new Uint8Array(), object: nodeId, outcome: "OK" };
  const told = facts.map((fact) => factType(fact.schema));
  await appendAudit(tx, [{ ...asked, ...decided, facts: told }]);
  learnAfter(kit, tx, next);
  await tell(tx, facts);
}

async function list(
  { storage }: IdentityStoreKit,
  tenant: TenantId,
  { page, nodeIds }: ListIdentitiesRequest,
) {
  const name = `identities ${base64url(sha256(nodeIds.join(" "))).slice(0, listLetters)}`;
  const { size: wanted, after } = pageWish(page, name);
  // Whoever names nodes gets them all at once, unless it asks for pages.
  const size = page === undefined ? Math.max(wanted, nodeIds.length) : wanted;
  return await storage.tenant(tenant, async (tx) => {
    let query = tx.sql.selectFrom("identity").select("body").where("tenant_id", "=", tenant);
    if (nodeIds.length > 0) query = query.where("node_id", "in", nodeIds);
    if (after !== undefined) query = query.where("node_id", ">", after[0] ?? "");
    const rows = await query.orderBy("node_id").limit(size).execute();
    const identities = rows.map(identityOf);
    const last = rows.length === size ? identities.at(-1) : undefined;
    const nextPageToken = last === undefined ? "" : pageToken(name, [last.nodeId]);
    return { identities, nextPageToken };
  });
}

/** This process knows before the caller does. */
function learnAfter(
  { directory }: IdentityStoreKit,
  tx: TenantTx,
  identity: Identity,
  leaf?: Leaf,
): void {
  const certificates = leaf === undefined ? [] : [leaf];
  tx.afterCommit(() => directory.learn(tx.tenant, identity, certificates));
}

async function refusalNow(tx: TenantTx, tokenId: string): Promise<Fault> {
  const token = await tokenNow(tx, tokenId);
  return token === undefined ? new Fault(Reason.TOKEN_INVALID) : refusal(token, tx.nowMs);
}
