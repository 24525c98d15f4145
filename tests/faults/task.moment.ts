// Moments to kill a hub at: a lock of the test holds its statement up, so that it dies amid of it.
import { ScheduleSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { realWorld } from "@foedus/kernel/world.real.ts";
import pg from "pg";
import { rowsOf } from "../support/bundled.ts";
import { until } from "../support/until.ts";

/** Where the hub is to stand when it dies. */
export interface Moment {
  readonly what: string;
  /** Nobody writes to this meanwhile. */
  readonly table: string;
  /** How what waits for it begins. */
  readonly statement: string;
}

/**
 * A statement that is alone commits when the lock goes, and nobody hears of it; a transaction of
 * several never gets to its commit.
 */
export const moments: readonly Moment[] = [
  { what: "before a submit is stored", table: "task", statement: "/*task.insert*/" },
  { what: "before a submit is committed", table: "task_count", statement: "/*task.count*/" },
  { what: "amid a claim", table: "task_count", statement: "/*task.claim*/" },
  { what: "amid a result", table: "task_done_log", statement: "/*task.complete*/" },
  { what: "amid a sign of life", table: "task", statement: "/*task.renew*/" },
  { what: "amid a failure or a lapse", table: "task_step_log", statement: "/*task.step*/" },
  { what: "amid a promotion", table: "task", statement: "/*task.update*/" },
  { what: "amid the end of a task", table: "task_done_log", statement: "/*task.end*/" },
  {
    what: "amid a turn of a schedule",
    table: "task_schedule",
    statement: "insert into task_schedule",
  },
];

/**
 * Waits until the hub stands there; resolves with what lets the statement go. Another one may be
 * in its way: then all of them may pass, and it is tried again.
 */
export async function reach(
  url: string,
  moment: Moment,
  before: () => Promise<void> = async () => {},
): Promise<() => Promise<void>> {
  return await until(async () => {
    await before();
    const client = new pg.Client({ connectionString: url });
    // The database may be what dies.
    client.on("error", () => undefined);
    await client.connect();
    const release = async () => {
      await client.query("rollback").catch(() => undefined);
      await client.end();
    };
    await client.query(`begin; lock table ${moment.table} in share row exclusive mode`);
    if (await isReached(client, moment)) return release;
    await release();
    throw new Error(`nothing is ${moment.what}`);
  });
}

async function isReached(client: pg.Client, { statement }: Moment): Promise<boolean> {
  const { clock, timers } = realWorld;
  for (const endMs = clock.monotonic() + tryMs; clock.monotonic() < endMs;) {
    // A transaction sees others as they were when it looked first, unless it forgets that.
    await client.query("select pg_stat_clear_snapshot()");
    const { rows } = await client.query(
      `select pid from pg_stat_activity where datname = current_database()
        and wait_event_type = 'Lock' and query like '${statement}%'`,
    );
    if (rows.length > 0) return true;
    await timers.sleep(lookMs);
  }
  return false;
}

/** Longer than the hub's loops sleep. */
const tryMs = 2_000;
const lookMs = 20;

/** Resolves once no hub is in the database any more. */
export async function untilEmpty(url: string): Promise<void> {
  await until(async () => {
    const inside = await rowsOf(
      url,
      `select query from pg_stat_activity where datname = current_database()
        and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    if (inside.length > 0) throw new Error(`somebody is inside: ${String(inside[0]?.query)}`);
  });
}

/** Lets a schedule's time come in a moment, once it has taken its turn before. */
export async function makeDue(url: string, name: string): Promise<void> {
  const nowMs = realWorld.clock.now();
  const { body } = await until(async () => {
    const [row] = await rowsOf(
      url,
      `select body from task_schedule where name = '${name}' and next_ms > ${nowMs + soonMs}`,
    );
    if (!(row?.body instanceof Uint8Array)) throw new Error(`${name} has not taken its turn`);
    return { body: row.body };
  });
  const dueMs = realWorld.clock.now() + soonMs;
  const due = { ...fromBinary(ScheduleSchema, body), nextTime: timestampFromMs(dueMs) };
  const bytes = Buffer.from(toBinary(ScheduleSchema, due)).toString("hex");
  await rowsOf(
    url,
    `update task_schedule set next_ms = ${dueMs}, body = '\\x${bytes}' where name = '${name}'`,
  );
}

/** Time enough to take a lock before it has come. */
const soonMs = 500;
