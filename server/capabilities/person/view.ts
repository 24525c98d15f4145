import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { ViewSchema, type View } from "@foedus/gen/foedus/person/v1/person_pb.js";
import type { SaveViewRequest } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import type { PersonCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";

/** More than anybody finds anything in. */
export const viewsMax = 100;

/** A view as its person wishes it. */
export type ViewWish = Pick<SaveViewRequest, "name" | "path" | "shared">;

/** A view that was not there before; `has` is how many the person has already. */
export function newView(
  wish: ViewWish,
  caller: PersonCaller,
  made: { readonly id: string; readonly has: number; readonly nowMs: number },
): View {
  requireShare(wish, caller);
  if (made.has >= viewsMax) throw new Fault(Reason.VIEWS_FULL, { limit: String(viewsMax) });
  const { name, path, shared } = wish;
  const createTime = timestampFromMs(made.nowMs);
  const { personId } = caller;
  return create(ViewSchema, { id: made.id, name, path, shared, personId, createTime });
}

/** A view of one's own, changed. */
export function changedView(known: View, wish: ViewWish, caller: PersonCaller): View {
  requireSight(known, caller);
  if (known.personId !== caller.personId) throw notYours(known);
  // What is shared already may be renamed by who could not share it any more.
  if (!known.shared) requireShare(wish, caller);
  const { name, path, shared } = wish;
  return { ...known, name, path, shared };
}

/** Whether a view may go: one's own, or a shared one where an admin says so. */
export function requireRemovable(known: View, caller: PersonCaller): void {
  requireSight(known, caller);
  if (known.personId === caller.personId || caller.role >= Role.ADMIN) return;
  throw notYours(known);
}

/** What a person keeps to themselves is not there for anybody else, not even for an admin. */
function requireSight({ id, personId, shared }: View, caller: PersonCaller): void {
  if (shared || personId === caller.personId) return;
  throw new Fault(Reason.NOT_FOUND, { object: `view ${id}` });
}

function requireShare({ shared }: ViewWish, { role, id }: PersonCaller): void {
  if (!shared || role >= Role.MEMBER) return;
  const facts = { method: "sharing a view", needs: "the role member", caller: id };
  throw new Fault(Reason.NOT_ALLOWED, facts);
}

function notYours({ name }: View): Fault {
  return new Fault(Reason.NOT_YOURS, { object: `view ${name}` });
}
