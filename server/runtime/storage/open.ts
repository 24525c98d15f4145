import type { Rows } from "@foedus/gen/rows";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { World } from "@foedus/kernel/world.ts";
import { Kysely, PostgresDialect, PostgresDriver, sql, type Transaction } from "kysely";
import pg from "pg";
import type { Log } from "../log.ts";
import { measureClock } from "./clock.ts";
import { faultOf } from "./fault.ts";
import { NamingClient } from "./naming.ts";
import type { Storage, TenantTx } from "./storage.ts";
import { Wake } from "./wake.ts";

/** How a hub reaches its database. */
export interface OpenOptions {
  readonly url: string;
  readonly world: World;
  readonly log: Log;
  /** Connections of requests; loops have two of their own, hot statements six. */
  readonly connectionsMax?: number;
}

const int8 = 20;
const int8Array = 1016;
const connectMs = 5_000;
const statementMs = 30_000;
const sweepConnections = 2;
const hotConnections = 6;
/**
 * Hot statements are planned once a connection. A plan made while tables are empty outlives that,
 * so it must not be one that reads them whole.
 */
const hotSettings: Settings = [
  ["plan_cache_mode", "force_generic_plan"],
  ["enable_seqscan", "off"],
];

/**
 * Opens the database, which is migrated already.
 *
 * @throws Fault DATABASE_UNREACHABLE when it does not answer.
 */
export async function openStorage(options: OpenOptions): Promise<Storage> {
  const { url, world, log } = options;
  const requests = open(url, "foedus_app", options.connectionsMax ?? 10, log);
  const app = new Kysely<Rows>({ dialect: new BoundDialect(requests) });
  const sweeps = open(url, "foedus_sweep", sweepConnections, log);
  const sweeper = new Kysely<Rows>({ dialect: new PostgresDialect({ pool: sweeps }) });
  const hots = open(url, "foedus_sweep", hotConnections, log, hotSettings);
  const hot = new Kysely<Rows>({ dialect: new PostgresDialect({ pool: hots }) });
  const closeAll = () => Promise.all([app.destroy(), sweeper.destroy(), hot.destroy()]);
  const clock = await measureClock(app, world).catch(async (error: unknown) => {
    await closeAll();
    throw faultOf(error);
  });
  const wake = new Wake();
  return {
    world,
    wake,
    sweeper,
    hot,
    nowMs: () => clock.nowMs(),
    tenant: (tenant, work) => inTenant({ app, tenant, world, wake, nowMs: clock.nowMs() }, work),
    sweep: (work) => {
      const run = (tx: Transaction<Rows>) => work({ sql: tx, nowMs: clock.nowMs() });
      return sweeper.transaction().execute(run).catch(rethrow);
    },
    close: async () => {
      clock.stop();
      await closeAll();
    },
  };
}

interface Bound extends Pick<TenantTx, "tenant" | "world" | "wake" | "nowMs"> {
  readonly app: Kysely<Rows>;
}

async function inTenant<T>(bound: Bound, work: (tx: TenantTx) => Promise<T>): Promise<T> {
  const { app, tenant, world, wake, nowMs } = bound;
  const acts: (() => void)[] = [];
  const afterCommit = (act: () => void) => void acts.push(act);
  const result = await app
    .transaction()
    .execute(async (tx) => {
      await bindTenant(tx, tenant);
      return await work({ tenant, sql: tx, world, wake, nowMs, afterCommit });
    })
    .catch(rethrow);
  for (const act of acts) act();
  return result;
}

/**
 * Begins the transaction and says whose it is, at once: on short ones each answer that is awaited
 * counts.
 */
async function bindTenant(tx: Transaction<Rows>, tenant: TenantId): Promise<void> {
  const name = tenant.replaceAll("'", "''");
  await sql.raw(`begin; select set_config('app.tenant', '${name}', true)`).execute(tx);
}

/** Leaves it to `bindTenant` to begin. */
class BoundDriver extends PostgresDriver {
  override async beginTransaction(): Promise<void> {}
}

class BoundDialect extends PostgresDialect {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    super({ pool });
    this.#pool = pool;
  }

  override createDriver(): PostgresDriver {
    return new BoundDriver({ pool: this.#pool });
  }
}

type Settings = readonly (readonly [string, string | number])[];

function open(url: string, role: string, max: number, log: Log, more: Settings = []): pg.Pool {
  const types = new pg.TypeOverrides();
  types.setTypeParser(int8, (text: string) => BigInt(text));
  types.setTypeParser(int8Array, (text: string) => text.slice(1, -1).split(",").map(BigInt));
  const settings: Settings = [
    ...more,
    ["role", role],
    ["statement_timeout", statementMs],
    ["idle_in_transaction_session_timeout", statementMs],
  ];
  const pool = new pg.Pool({
    Client: NamingClient,
    connectionString: url,
    max,
    types,
    application_name: role,
    connectionTimeoutMillis: connectMs,
    options: settings.map(([name, value]) => `-c ${name}=${value}`).join(" "),
  });
  pool.on("error", (error) => log.warn("database connection lost", { role, error }));
  // The pool hears of idle connections only. One that is lost between two statements of a
  // transaction would end the process; the next statement fails anyway, and says so to whoever
  // asked for it.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

function rethrow(error: unknown): never {
  throw faultOf(error);
}
