import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Person, Session } from "@foedus/gen/foedus/person/v1/person_pb.js";
import { SignOutResponseSchema } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { PersonCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import type { Rows } from "@foedus/gen/rows";
import type { Selectable } from "kysely";
import { decide } from "../../runtime/storage/decide.ts";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { callerOfSession, newSession, touchMs, visitorAs } from "./person.ts";
import { loadPerson } from "./person.store.ts";

/** How long a lapsed link is still told apart from one that never was. */
const linkKeptMs = 86_400_000;

type SessionRow = Selectable<Rows["person_session"]>;

/** The table of sessions. */
export function sessionStore(storage: Storage) {
  return {
    /** Whose session a secret is, prolonged when it was not lately; undefined for nobody's. */
    find: (secretHash: Uint8Array, forMs: number) => find(storage, secretHash, forMs),
    /** The session as it stands, with its person. */
    show: (caller: PersonCaller) => show(storage, caller),
    /** Ends a session for good. */
    end: (write: Write, sessionId: string) => end(storage, write, sessionId),
    /** Whether anybody but the local command line is signed in. */
    anybody: (tenant: TenantId) => anybody(storage, tenant),
    /** Replaces the session of the command line on this machine: this hub's, and no other's. */
    replaceLocal: (tenant: TenantId, hubId: string, session: Session, secretHash: Uint8Array) =>
      replaceLocal(storage, tenant, hubId, session, secretHash),
    /** Forgets what lapsed: sessions at once, links a day later. */
    forget: () => forget(storage),
  };
}

/** The table of sessions. */
export type SessionStore = ReturnType<typeof sessionStore>;

async function find(
  storage: Storage,
  secretHash: Uint8Array,
  forMs: number,
): Promise<PersonCaller | undefined> {
  const row = await storage.sweeper
    .selectFrom("person_session")
    .selectAll()
    .where("secret_hash", "=", Buffer.from(secretHash))
    .where("expire_ms", ">", BigInt(storage.nowMs()))
    .executeTakeFirst()
    .catch(rethrowFault);
  if (row === undefined) return undefined;
  return await storage.tenant(tenantProved(row.tenant_id), async (tx) => {
    const isVisit = row.visitor !== "";
    if (!isVisit && Number(row.touch_ms) + touchMs <= tx.nowMs) await touch(tx, row.id, forMs);
    return callerOfSession(tx.tenant, await personOf(tx, row), row.id);
  });
}

async function show(storage: Storage, { tenant, sessionId }: PersonCaller) {
  return await storage.tenant(tenant, async (tx) => {
    const row = await tx.sql
      .selectFrom("person_session")
      .selectAll()
      .where("tenant_id", "=", tenant)
      .where("id", "=", sessionId)
      .executeTakeFirst();
    if (row === undefined) throw new Fault(Reason.SESSION_ENDED);
    return { person: await personOf(tx, row), session: sessionOf(row) };
  });
}

async function end(storage: Storage, write: Write, sessionId: string): Promise<void> {
  await decide(storage, write, SignOutResponseSchema, async (tx) => {
    await tx.sql
      .deleteFrom("person_session")
      .where("tenant_id", "=", tx.tenant)
      .where("id", "=", sessionId)
      .execute();
    return { answer: create(SignOutResponseSchema), facts: [], object: sessionId };
  });
}

async function anybody(storage: Storage, tenant: TenantId): Promise<boolean> {
  return await storage.tenant(tenant, async (tx) => {
    const row = await tx.sql
      .selectFrom("person_session")
      .select("id")
      .where("tenant_id", "=", tenant)
      .where("local", "=", false)
      .where("expire_ms", ">", BigInt(tx.nowMs))
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  });
}

async function replaceLocal(
  storage: Storage,
  tenant: TenantId,
  hubId: string,
  session: Session,
  secretHash: Uint8Array,
): Promise<void> {
  await storage.tenant(tenant, async (tx) => {
    await tx.sql
      .deleteFrom("person_session")
      .where("tenant_id", "=", tenant)
      .where("local", "=", true)
      // Those of before this was noted belong to whoever comes first.
      .where("hub_id", "in", ["", hubId])
      .execute();
    await insertSession(tx, session, secretHash, { localTo: hubId });
  });
}

async function forget({ sweeper, nowMs }: Storage): Promise<void> {
  const now = nowMs();
  await sweeper.deleteFrom("person_session").where("expire_ms", "<", BigInt(now)).execute();
  const longAgo = BigInt(now - linkKeptMs);
  await sweeper.deleteFrom("sign_in_link").where("expire_ms", "<", longAgo).execute();
}

/** What sets a session apart: the command line of one hub, or somebody's visit. */
export interface SessionMarks {
  readonly localTo?: string;
  readonly visitor?: string;
  readonly role?: Role;
}

/** Writes a new session; of its secret only the hash is kept. */
export async function insertSession(
  tx: TenantTx,
  session: Session,
  secretHash: Uint8Array,
  { localTo = "", visitor = "", role = Role.UNSPECIFIED }: SessionMarks = {},
): Promise<void> {
  const expireMs = session.expireTime === undefined ? tx.nowMs : timestampMs(session.expireTime);
  await tx.sql
    .insertInto("person_session")
    .values({
      tenant_id: tx.tenant,
      id: session.id,
      person_id: session.personId,
      secret_hash: Buffer.from(secretHash),
      local: localTo !== "",
      hub_id: localTo,
      visitor,
      visitor_role: role,
      create_ms: BigInt(tx.nowMs),
      touch_ms: BigInt(tx.nowMs),
      expire_ms: BigInt(expireMs),
    })
    .execute();
}

async function touch(tx: TenantTx, id: string, forMs: number): Promise<void> {
  await tx.sql
    .updateTable("person_session")
    .set({ touch_ms: BigInt(tx.nowMs), expire_ms: BigInt(tx.nowMs + forMs) })
    .where("tenant_id", "=", tx.tenant)
    .where("id", "=", id)
    .execute();
}

/** Whose session it is: a person of the tenant, or somebody who visits it. */
async function personOf(tx: TenantTx, row: SessionRow): Promise<Person> {
  if (row.visitor !== "") return visitorAs(row.visitor, row.visitor_role);
  return await loadPerson(tx, row.person_id);
}

function sessionOf(row: SessionRow): Session {
  const createMs = Number(row.create_ms);
  const session = newSession(row.id, row.person_id, Number(row.expire_ms) - createMs, createMs);
  return { ...session, visitor: row.visitor };
}
