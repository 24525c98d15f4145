import type { Rows } from "@foedus/gen/rows";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { Kysely, Transaction } from "kysely";
import type { Wake } from "./wake.ts";

/** A transaction of one tenant: row-level security shows only its rows. */
export interface TenantTx {
  readonly tenant: TenantId;
  readonly sql: Transaction<Rows>;
  readonly world: World;
  /** PostgreSQL's idea of now, as this hub measures it, in milliseconds since 1970. */
  readonly nowMs: number;
  /** Runs after the commit; for waking readers. */
  afterCommit(act: () => void): void;
  readonly wake: Wake;
}

/** A transaction of a loop, which sees the tables that sweep all tenants. */
export interface SweepTx {
  readonly sql: Transaction<Rows>;
  readonly nowMs: number;
}

/** The hub's database. */
export interface Storage {
  readonly world: World;
  /** One transaction as foedus_app, bound to the tenant. Commits when `work` resolves. */
  tenant<T>(tenant: TenantId, work: (tx: TenantTx) => Promise<T>): Promise<T>;
  /** One transaction as foedus_sweep, which sees named tables of every tenant. For loops. */
  sweep<T>(work: (tx: SweepTx) => Promise<T>): Promise<T>;
  /**
   * Single statements as foedus_sweep; they commit by themselves. For hot, batched writes of loops.
   */
  readonly sweeper: Kysely<Rows>;
  /**
   * As `sweeper`, over connections of their own, for named statements that run all the time:
   * planned once and for all values, by indices only.
   */
  readonly hot: Kysely<Rows>;
  /** The database's clock as this hub measures it, in milliseconds since 1970. */
  nowMs(): number;
  /** Hints between writers and readers of this process. */
  readonly wake: Wake;
  close(): Promise<void>;
}
