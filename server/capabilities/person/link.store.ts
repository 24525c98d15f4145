import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Person, Session } from "@foedus/gen/foedus/person/v1/person_pb.js";
import type {
  CreateLinkResponse,
  SignInResponse,
} from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import {
  CreateLinkResponseSchema,
  SignInResponseSchema,
} from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import type { Rows } from "@foedus/gen/rows";
import { Fault } from "@foedus/kernel/fault.ts";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import type { Selectable } from "kysely";
import { decide } from "../../runtime/storage/decide.ts";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { linkMs, requireOpen, type Link } from "./person.ts";
import { loadPerson } from "./person.store.ts";
import { insertSession } from "./session.store.ts";

/** A link that is to be made. */
export interface NewLink {
  readonly id: string;
  readonly personId: string;
  readonly codeHash: Uint8Array;
  /** The whole address, for the answer. */
  readonly address: string;
}

/** A new session and the hash of its secret. */
export interface NewSession {
  readonly session: Session;
  readonly secretHash: Uint8Array;
}

/** The table of sign-in links. */
export function linkStore(storage: Storage) {
  return {
    async create(write: Write, link: NewLink): Promise<CreateLinkResponse> {
      return await decide(storage, write, CreateLinkResponseSchema, async (tx) => {
        // Who only visits the tenant is nobody that a link could sign in.
        await loadPerson(tx, link.personId);
        await insertLink(tx, link);
        const answer = create(CreateLinkResponseSchema, { link: link.address, linkId: link.id });
        return { answer, facts: [], object: link.id };
      });
    },

    /** A visitor has no tenant yet, so its link is looked for in all of them. */
    async find(codeHash: Uint8Array): Promise<{ tenant: TenantId; link: Link }> {
      const row = await storage.sweeper
        .selectFrom("sign_in_link")
        .selectAll()
        .where("code_hash", "=", Buffer.from(codeHash))
        .executeTakeFirst()
        .catch(rethrowFault);
      if (row === undefined) throw new Fault(Reason.LINK_INVALID);
      return { tenant: tenantProved(row.tenant_id), link: linkOf(row) };
    },

    /** Uses a link once, for a session: of those who try at once, one signs in. */
    async redeem(
      write: Write,
      link: Link,
      make: (person: Person, nowMs: number) => NewSession,
    ): Promise<SignInResponse> {
      return await decide(storage, write, SignInResponseSchema, async (tx) => {
        requireOpen(await endLink(tx, link), tx.nowMs);
        const person = await loadPerson(tx, link.personId);
        const { session, secretHash } = make(person, tx.nowMs);
        await insertSession(tx, session, secretHash);
        const answer = create(SignInResponseSchema, { person, session });
        return { answer, facts: [], object: session.id };
      });
    },
  };
}

/** The table of sign-in links. */
export type LinkStore = ReturnType<typeof linkStore>;

/** Writes a link that is open for its time. */
export async function insertLink(tx: TenantTx, link: NewLink): Promise<void> {
  await tx.sql
    .insertInto("sign_in_link")
    .values({
      tenant_id: tx.tenant,
      id: link.id,
      person_id: link.personId,
      code_hash: Buffer.from(link.codeHash),
      expire_ms: BigInt(tx.nowMs + linkMs),
    })
    .execute();
}

/** Ends a link if it is still open; returns how it stood before. */
async function endLink(tx: TenantTx, { id }: Link): Promise<Link> {
  const row = await tx.sql
    .selectFrom("sign_in_link")
    .selectAll()
    .where("tenant_id", "=", tx.tenant)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new Fault(Reason.LINK_INVALID);
  await tx.sql
    .updateTable("sign_in_link")
    .set({ end_ms: BigInt(tx.nowMs) })
    .where("tenant_id", "=", tx.tenant)
    .where("id", "=", id)
    .where("end_ms", "is", null)
    .execute();
  return linkOf(row);
}

function linkOf(row: Selectable<Rows["sign_in_link"]>): Link {
  const endMs = row.end_ms === null ? undefined : Number(row.end_ms);
  return { id: row.id, personId: row.person_id, expireMs: Number(row.expire_ms), endMs };
}
