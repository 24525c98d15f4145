import type { Peer } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { PeerSchema } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Change } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import { decide } from "../../runtime/storage/decide.ts";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import { acquireLease } from "../../runtime/storage/lease.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import type { PageWish } from "../../runtime/storage/page.ts";
import { raiseRevision } from "../../runtime/storage/revision.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { shortly } from "./peer.ts";

/** A peer and the tenant that trusts it. */
export interface Held {
  readonly tenant: TenantId;
  readonly peer: Peer;
}

/** How many hubs of other roots a hub trusts at most: each is dialled, and each costs a root. */
export const peersMax = 100;

/** The table of peers. */
export type PeerStore = ReturnType<typeof peerStore>;

/** Reads and changes peers. */
export function peerStore(storage: Storage) {
  return { ...reading(storage), ...deciding(storage), ...telling(storage) };
}

function reading(storage: Storage) {
  return {
    /** Those of all tenants, for this process to know whom it lets in. */
    async readAll(): Promise<Held[]> {
      const rows = await storage.sweeper
        .selectFrom("peer")
        .selectAll()
        .orderBy("trust_domain")
        .execute()
        .catch(rethrowFault);
      return rows.map((row) => ({ tenant: tenantProved(row.tenant_id), peer: peerOf(row) }));
    },

    /** A page by trust domain. */
    list: (tenant: TenantId, wish: PageWish): Promise<Peer[]> =>
      storage.tenant(tenant, async (tx) => {
        const { rows } = await sql<PeerRow>`select * from peer
          where tenant_id = ${tenant} and trust_domain > ${wish.after?.[0] ?? ""}
          order by trust_domain limit ${wish.size}`.execute(tx.sql);
        return rows.map(peerOf);
      }),
  };
}

function deciding(storage: Storage) {
  return {
    /** Adds a peer, or changes the one there is. */
    add: (
      write: Write,
      trustDomain: string,
      begin: bigint | undefined,
      rule: (known: Peer | undefined, nowMs: number) => Change<Peer>,
    ): Promise<Peer> =>
      decide(storage, write, PeerSchema, async (tx) => {
        const known = await find(tx, trustDomain);
        if (known === undefined) await requireRoom(tx);
        const { next, facts } = rule(known, tx.nowMs);
        await insert(tx, next);
        await sql`update peer set told_cursor = coalesce(told_cursor, ${begin ?? null}::bigint)
          where ${ofDomain(tx, trustDomain)}`.execute(tx.sql);
        return { answer: next, facts, object: trustDomain };
      }),

    remove: (
      write: Write,
      trustDomain: string,
      rule: (known: Peer) => Change<Peer>,
    ): Promise<Peer> =>
      decide(storage, write, PeerSchema, async (tx) => {
        const known = await find(tx, trustDomain);
        if (known === undefined) {
          throw new Fault(Reason.NOT_FOUND, { object: `peer ${trustDomain}` });
        }
        const { next, facts } = rule(known);
        await sql`delete from peer where ${ofDomain(tx, trustDomain)}`.execute(tx.sql);
        return { answer: next, facts, object: trustDomain };
      }),

    /** Notes what reading its bundle brought; nothing when it was removed meanwhile. */
    change: (
      { tenant, peer }: Held,
      rule: (known: Peer, nowMs: number) => Change<Peer>,
    ): Promise<void> =>
      storage.tenant(tenant, async (tx) => {
        const known = await find(tx, peer.trustDomain);
        if (known === undefined) return;
        const { next, facts } = rule(known, tx.nowMs);
        await insert(tx, next);
        await tell(tx, facts);
      }),
  };
}

function telling(storage: Storage) {
  return {
    /**
     * Takes the turn to tell it, and the place from where; undefined when it was removed.
     *
     * @throws Fault LEASE_HELD while another process of this hub tells it.
     */
    claim: ({ tenant, peer }: Held, holder: string): Promise<bigint | undefined> =>
      storage.tenant(tenant, async (tx) => {
        const known = await find(tx, peer.trustDomain);
        if (known === undefined) return undefined;
        await acquireLease(tx, turnOf(peer, holder));
        return known.toldCursor;
      }),

    /** Notes how far it was told, and keeps the turn; a place never goes back. */
    told: (
      { tenant, peer }: Held,
      holder: string,
      cursor: bigint | undefined,
      error: string,
    ): Promise<void> =>
      storage.tenant(tenant, async (tx) => {
        await acquireLease(tx, turnOf(peer, holder));
        await sql`update peer set told_cursor = greatest(told_cursor, ${cursor ?? null}::bigint),
          tell_error = ${shortly(error)} where ${ofDomain(tx, peer.trustDomain)}`.execute(tx.sql);
      }),
  };
}

/** Longer than a stream is silent, after which it is told that nothing was missed. */
const turnMs = 45_000;

function turnOf({ trustDomain }: Peer, holder: string) {
  return { kind: "peer", name: trustDomain, holder, forMs: turnMs };
}

/** Counts what was taken from a peer, in the transaction of the follower that hears of it. */
export async function countTaken(tx: TenantTx, trustDomain: string, events: number): Promise<void> {
  await sql`update peer set taken_events = taken_events + ${events}
    where ${ofDomain(tx, trustDomain)}`.execute(tx.sql);
}

interface PeerRow {
  tenant_id: string;
  trust_domain: string;
  told_cursor: bigint | null;
  tell_error: string;
  taken_events: bigint;
  body: Buffer;
}

function peerOf(row: PeerRow): Peer {
  const { tell_error: tellError, taken_events: takenEvents } = row;
  const toldCursor = row.told_cursor ?? 0n;
  return { ...fromBody(PeerSchema, row.body), toldCursor, tellError, takenEvents };
}

async function find(tx: TenantTx, trustDomain: string): Promise<Peer | undefined> {
  const { rows } = await sql<PeerRow>`select * from peer where ${ofDomain(tx, trustDomain)}
    for update`.execute(tx.sql);
  return rows[0] && peerOf(rows[0]);
}

/** Of two tenants one has it: what its hubs tell can belong to one only. */
async function insert(tx: TenantTx, peer: Peer): Promise<void> {
  const { trustDomain } = peer;
  try {
    await sql`
      insert into peer (tenant_id, trust_domain, body)
      values (${tx.tenant}, ${trustDomain}, ${toBody(PeerSchema, peer)})
      on conflict (tenant_id, trust_domain) do update set body = excluded.body`.execute(tx.sql);
  } catch (error) {
    if (!isTaken(error)) throw error;
    const detail = "of another tenant of this hub";
    throw new Fault(Reason.PEER_PINNED, { trust_domain: trustDomain, detail }, { cause: error });
  }
}

/** PostgreSQL's unique_violation. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "23505";
}

/** Of those who add at once, one is counted after the other. */
const countRevision = "link.peers";

async function requireRoom(tx: TenantTx): Promise<void> {
  await raiseRevision(tx, countRevision);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from peer where tenant_id = ${tx.tenant}`.execute(tx.sql);
  if ((rows[0]?.count ?? 0) < peersMax) return;
  throw new Fault(Reason.LIMIT_EXCEEDED, { what: "peers of a tenant", limit: peersMax });
}

function ofDomain(tx: TenantTx, trustDomain: string) {
  return sql`tenant_id = ${tx.tenant} and trust_domain = ${trustDomain}`;
}
