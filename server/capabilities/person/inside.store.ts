import { create } from "@bufbuild/protobuf";
import type { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { PersonVisitedSchema } from "@foedus/gen/foedus/person/v1/person_event_pb.js";
import type { Person, Session } from "@foedus/gen/foedus/person/v1/person_pb.js";
import {
  AdmitOwnerResponseSchema,
  OpenVisitResponseSchema,
  type AdmitOwnerResponse,
  type OpenVisitResponse,
} from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { fact } from "@foedus/kernel/change.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { decide } from "../../runtime/storage/decide.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { insertLink, type NewLink } from "./link.store.ts";
import { ensurePerson } from "./person.store.ts";
import { insertSession } from "./session.store.ts";

/** A visit that is to be opened, and why. */
export interface Visit {
  readonly session: Session;
  readonly role: Role;
  readonly reason: string;
  readonly secret: string;
}

/** The owner of a new tenant, with a link that signs them in. */
export async function admitOwner(
  storage: Storage,
  write: Write,
  owner: Person,
  link: NewLink,
): Promise<AdmitOwnerResponse> {
  return await decide(storage, write, AdmitOwnerResponseSchema, async (tx) => {
    await ensurePerson(tx, owner);
    await insertLink(tx, link);
    const answer = create(AdmitOwnerResponseSchema, { link: link.address });
    return { answer, facts: [], object: owner.id };
  });
}

/** The session of a visit, which the tenant's log tells of. */
export async function openVisit(
  storage: Storage,
  write: Write,
  { session, role, reason, secret }: Visit,
): Promise<OpenVisitResponse> {
  return await decide(storage, write, OpenVisitResponseSchema, async (tx) => {
    const { visitor, expireTime } = session;
    await insertSession(tx, session, sha256(secret), { visitor, role });
    const told = fact(PersonVisitedSchema, visitor, { visitor, role, reason, expireTime });
    const answer = create(OpenVisitResponseSchema, { session, secret });
    return { answer, facts: [told], object: session.id };
  });
}
