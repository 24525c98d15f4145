import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { Node, NodeProfile } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { Change } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { decide } from "../../runtime/storage/decide.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import type { PageWish } from "../../runtime/storage/page.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import type { SeenRow } from "./node.row.store.ts";
import { saveNodes, seenOf, selectSeen } from "./node.row.store.ts";
import type { Terms } from "./liveness.ts";
import type { Seen } from "./node.ts";
import { register, retireRevoked, settle } from "./node.ts";
import { placeOf } from "./place.ts";
import { takeSlot } from "./place.store.ts";

/** The table of nodes. */
export type NodeStore = ReturnType<typeof nodeStore>;

/** What a decision about a node does: how it stands, the hub's time, how it stands next. */
export type Transition = (seen: Seen, nowMs: number) => Change<Node>;

/** Reads and changes nodes. */
export function nodeStore(storage: Storage) {
  return {
    /** By id or name; of two of a name, the one that is not retired. */
    find: (tenant: TenantId, ref: string): Promise<Node> =>
      storage.tenant(tenant, async (tx) => (await findSeen(tx, ref, sql``)).node),

    /** A page by name, of the given states. */
    list: (tenant: TenantId, wish: PageWish, states: readonly NodeState[]): Promise<Node[]> =>
      storage.tenant(tenant, (tx) => listNodes(tx, wish, states)),

    /** Those of the ids that there are. */
    byIds: (tenant: TenantId, ids: readonly string[]): Promise<Node[]> =>
      storage.tenant(tenant, async (tx) => (await lockedSeen(tx, ids, sql``)).map(nodeOf)),

    /** Those that are not retired, by id after one, for a snapshot. */
    part: (tenant: TenantId, afterId: string, limit: number): Promise<Node[]> =>
      storage.tenant(tenant, (tx) => readPart(tx, afterId, limit)),

    register: (write: Write, identity: Identity, profile: NodeProfile): Promise<Node> =>
      decide(storage, write, NodeSchema, async (tx) => {
        const [known] = await lockedSeen(tx, [identity.nodeId]);
        const placeless = known?.node.place === undefined;
        const slot = placeless ? await takeSlot(tx, profile.project) : undefined;
        const place = slot === undefined ? undefined : placeOf(slot);
        const { next, facts } = register(known, identity, { profile, place }, tx.nowMs);
        await saveNodes(tx, [next], slot);
        return { answer: next, facts, object: next.id };
      }),

    change: (write: Write, ref: string, transition: Transition): Promise<Node> =>
      decide(storage, write, NodeSchema, async (tx) => {
        const { next, facts } = transition(await findSeen(tx, ref, forUpdate), tx.nowMs);
        if (facts.length > 0) await saveNodes(tx, [next]);
        return { answer: next, facts, object: next.id };
      }),

    /** Tells what changed of these nodes by time or heartbeat alone. */
    settle: (tenant: TenantId, ids: readonly string[], terms: Omit<Terms, "nowMs">) =>
      storage.tenant(tenant, async (tx) => {
        const seen = await lockedSeen(tx, ids);
        const changes = seen.map((one) => settle(one, { ...terms, nowMs: tx.nowMs }));
        await saveChanges(tx, changes);
      }),
  };
}

/** Takes out the nodes whose identities were revoked, within the follower's transaction. */
export async function retireNodes(tx: TenantTx, revoked: readonly Identity[]): Promise<void> {
  const reasons = new Map(revoked.map((one) => [one.nodeId, one.revokeReason]));
  const seen = await lockedSeen(tx, [...reasons.keys()]);
  const changes = seen.map(({ node }) => retireRevoked(node, reasons.get(node.id) ?? "", tx.nowMs));
  await saveChanges(tx, changes);
}

const forUpdate = sql`for update of n`;

async function saveChanges(
  tx: TenantTx,
  changes: readonly (Change<Node> | undefined)[],
): Promise<void> {
  const real = changes.flatMap((change) => (change?.facts.length ? [change] : []));
  if (real.length === 0) return;
  await saveNodes(
    tx,
    real.map((change) => change.next),
  );
  await tell(
    tx,
    real.flatMap((change) => change.facts),
  );
}

async function findSeen(tx: TenantTx, ref: string, lock: RawBuilder<unknown>): Promise<Seen> {
  const { rows } = await sql<SeenRow>`${selectSeen}
    where n.tenant_id = ${tx.tenant} and (n.id = ${ref} or n.name = ${ref})
    order by n.state = ${NodeState.RETIRED}, n.id desc limit 1 ${lock}`.execute(tx.sql);
  const [row] = rows;
  if (row === undefined) throw new Fault(Reason.NOT_FOUND, { object: `node ${ref}` });
  return seenOf(row);
}

/** In the order of ids, so that two who lock some of the same nodes do not wait for each other. */
async function lockedSeen(
  tx: TenantTx,
  ids: readonly string[],
  lock: RawBuilder<unknown> = forUpdate,
): Promise<Seen[]> {
  const { rows } = await sql<SeenRow>`${selectSeen}
    where n.tenant_id = ${tx.tenant} and n.id = any(${ids}::text[])
    order by n.id ${lock}`.execute(tx.sql);
  return rows.map(seenOf);
}

async function listNodes(
  tx: TenantTx,
  wish: PageWish,
  states: readonly NodeState[],
): Promise<Node[]> {
  const [name, id] = wish.after ?? ["", ""];
  const { rows } = await sql<SeenRow>`${selectSeen}
    where n.tenant_id = ${tx.tenant} and (n.name, n.id) > (${name ?? ""}, ${id ?? ""})
      and n.state = any(${states}::smallint[])
    order by n.name, n.id limit ${wish.size}`.execute(tx.sql);
  return rows.map((row) => seenOf(row).node);
}

async function readPart(tx: TenantTx, afterId: string, limit: number): Promise<Node[]> {
  const { rows } = await sql<SeenRow>`${selectSeen}
    where n.tenant_id = ${tx.tenant} and n.id > ${afterId} and n.state <> ${NodeState.RETIRED}
    order by n.id limit ${limit}`.execute(tx.sql);
  return rows.map((row) => seenOf(row).node);
}

function nodeOf(seen: Seen): Node {
  return seen.node;
}
