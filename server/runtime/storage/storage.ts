import type { Rows } from "@foedus/gen/rows";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Kysely, Transaction } from "kysely";

/** A transaction of one tenant: row-level security shows only its rows. */
export interface TenantTx {
  readonly tenant: TenantId;
  readonly sql: Transaction<Rows>;
  /** PostgreSQL's idea of now, as this hub measures it, in milliseconds since 1970. */
  readonly nowMs: number;
  /** Runs after the commit; for waking readers. */
  afterCommit(act: () => void): void;
}

/** The hub's database. */
export interface Storage {
  /** One transaction as foedus_app, bound to the tenant. Commits when `work` resolves. */
  tenant<T>(tenant: TenantId, work: (tx: TenantTx) => Promise<T>): Promise<T>;
  /** One transaction as foedus_sweep, which sees named tables of every tenant. For loops. */
  sweep<T>(work: (sql: Transaction<Rows>, nowMs: number) => Promise<T>): Promise<T>;
  /** foedus_app without a tenant: sees no tenant's row. For hot statements that set it themselves. */
  readonly app: Kysely<Rows>;
  /** The database's clock as this hub measures it, in milliseconds since 1970. */
  nowMs(): number;
  close(): Promise<void>;
}
