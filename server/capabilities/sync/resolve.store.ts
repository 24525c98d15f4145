import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  ResolveConflictResponseSchema,
  type ResolveConflictRequest,
  type ResolveConflictResponse,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { ConflictResolvedSchema } from "@foedus/gen/foedus/sync/v1/sync_event_pb.js";
import { PushSchema } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Refusal, type Cell, type CellName } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Clerk } from "@foedus/kernel/sync/admit.ts";
import { emptyCell } from "@foedus/kernel/sync/cell.ts";
import { dotKey, dotOf } from "@foedus/kernel/sync/dot.ts";
import { cellKey, encodeOp } from "@foedus/kernel/sync/op.ts";
import { refusalText } from "@foedus/kernel/sync/refusal.ts";
import { newReplica } from "@foedus/kernel/sync/replica.ts";
import { streamText } from "@foedus/kernel/sync/stream.ts";
import { sql } from "kysely";
import { decide } from "../../runtime/storage/decide.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { bindReplica } from "./author.store.ts";
import { commitItems } from "./commit.store.ts";
import { streamRefusal } from "./declared.ts";
import { readDeclared } from "./declared.store.ts";
import { findHead, lockKnown } from "./head.store.ts";
import type { StreamAt } from "./key.ts";
import { nameOf } from "./name.ts";
import { resolving } from "./resolve.ts";
import { cellOf } from "./rows.store.ts";

/** What is to be resolved, where, and by whom. */
export interface Resolution {
  readonly at: StreamAt;
  readonly name: CellName;
  readonly wish: Pick<ResolveConflictRequest, "seen" | "value">;
  readonly ownerId: string;
}

/**
 * Writes one op in place of all that was seen, under the lock of the stream's head: nobody writes
 * between the look and the op, and of two who resolve at once the second finds what it saw gone.
 * Op, answer and audit leaf commit together, so the same request is one effect.
 */
export async function resolve(
  storage: Storage,
  write: Write,
  clerkOf: () => Pick<Clerk, "hub" | "rules" | "limits">,
  resolution: Resolution,
): Promise<ResolveConflictResponse> {
  return await decide(storage, write, ResolveConflictResponseSchema, async (tx) => {
    const clerk: Clerk = { ...clerkOf(), nowMs: Math.floor(tx.nowMs) };
    const { at, name } = resolution;
    const { stream } = at;
    const before = await lockCell(tx, clerk, resolution);
    const { aheadMsMax } = clerk.limits;
    const op = resolving(stream, before, resolution.wish, { nowMs: clerk.nowMs, aheadMsMax });
    const replica = newReplica(tx.world);
    await bindReplica(tx, replica, resolution.ownerId);
    await push(tx, at, clerk, replica, encodeOp(op));
    const cell = await readCell(tx, clerk, resolution);
    const dot = dotOf(replica, 1);
    const told = fact(ConflictResolvedSchema, streamText(stream), { stream, name, dot });
    const answer = create(ResolveConflictResponseSchema, { cell });
    return { answer, facts: [told], object: dotKey(dot) };
  });
}

async function lockCell(tx: TenantTx, { hub }: Clerk, resolution: Resolution): Promise<Cell> {
  const { at } = resolution;
  if ((await lockKnown(tx, at)) === undefined) {
    throw new Fault(Reason.NOT_FOUND, { object: `stream ${streamText(at.stream)}` });
  }
  return await readCell(tx, { hub }, resolution);
}

async function readCell(
  tx: TenantTx,
  { hub }: Pick<Clerk, "hub">,
  { at, name }: Resolution,
): Promise<Cell> {
  const { id } = await findHead(tx, at, hub);
  const key = cellKey(name);
  const { rows } = await sql<{ body: Buffer }>`
    select body from sync_cell where tenant_id = ${tx.tenant} and stream_id = ${id}
      and name = ${nameOf(key)}::bytea`.execute(tx.sql);
  const [row] = rows;
  return row === undefined ? emptyCell(name.record, name.field) : cellOf(key, row.body);
}

async function push(
  tx: TenantTx,
  at: StreamAt,
  clerk: Clerk,
  replica: string,
  op: Uint8Array,
): Promise<void> {
  const { stream } = at;
  const declared = await readDeclared(tx, stream.collection);
  demandTaken(at, streamRefusal(declared, stream));
  const terms = declared ?? { revisionMin: 0, revisionMax: 0 };
  const session = "";
  const item = { push: create(PushSchema, { stream, replica, ctrFrom: 1, ops: [op] }), terms };
  const { results } = await commitItems(tx, at, clerk, [{ type: "push", session, ...item }]);
  for (const result of results) {
    if (result.type !== "push") continue;
    demandTaken(at, result.done.refusal);
    for (const { refusal } of result.done.mark.refused) demandTaken(at, refusal);
  }
}

/** What is refused here is undone whole; nobody waits for a place that says so. */
function demandTaken({ stream }: StreamAt, refusal: Refusal): void {
  if (refusal === Refusal.UNSPECIFIED) return;
  const facts = { stream: streamText(stream), refusal: refusalText(refusal) };
  throw new Fault(Reason.SYNC_OP_REFUSED, facts);
}
