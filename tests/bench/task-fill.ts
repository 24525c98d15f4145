// Fills databases with tasks that wait and tasks that are done, past the hub: a million at once.
import { create, toBinary } from "@bufbuild/protobuf";
import { TaskSpecSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { lineOf } from "@foedus/kernel/task/line.ts";
import { completeSpec } from "@foedus/kernel/task/spec.ts";
import { utcDay } from "@foedus/kernel/time.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import pg from "pg";
import { migrate } from "../../server/runtime/storage/migrate.ts";
import { onDatabase, runStatement } from "../support/database.ts";

/** The queue of all these tasks. */
export const queue = "bench";
const payloadBytes = 200;
const payload = { contentType: "text/plain", body: new Uint8Array(payloadBytes).fill(7) };
const nowMs = realWorld.clock.now();
const init = create(TaskSpecSchema, { queue, kind: "bench", payload });
const spec = completeSpec(init, undefined, nowMs);

/** The line all of them wait in. */
const line = lineOf(spec);

const insertWaiting = `
  insert into task (tenant_id, id, queue, kind, line, state, turn, revision, priority, fairness_key,
    labels, submitter, create_ms, first_state, attempt_ms, heartbeat_ms, attempts, fence, blockers,
    followed, told, ready_ms, spent, body)
  select $1, 'task_' || lpad(n::text, 26, '0'), $2, 'bench', $3, ${TaskState.SUBMITTED}, n, 1, 5, '',
    '{}', 'bench', $4, ${TaskState.SUBMITTED}, 3600000, 30000, 0, 0, 0, false, 0, $4, 0, $5
  from generate_series($6::bigint, $7::bigint) as s (n)`;

const insertDone = `
  insert into task_done_log (tenant_id, id, queue, kind, line, state, turn, revision, priority,
    fairness_key, labels, submitter, create_ms, first_state, attempt_ms, heartbeat_ms, attempts,
    fence, blockers, followed, told, ready_ms, hold_fence, node_id, worker, claim_ms, lease_ms,
    hold_end_ms, spent, body, day, end_ms, result)
  select $1, 'task_' || lpad(n::text, 26, 'd'), $2, 'bench', $3, ${TaskState.COMPLETED}, n, 3, 5, '',
    '{}', 'bench', $4, ${TaskState.SUBMITTED}, 3600000, 30000, 1, 1, 0, false, 0, $4, 1, 'node', 'w',
    $4, $4, $4, 0, $5, $6::date, $4, $5
  from generate_series(1, $7::bigint) as s (n)`;

/** A database of its own on the bench's server, in which tasks wait. */
export interface Filled {
  readonly url: string;
  /** Puts as many tasks into the queue as were worked off. */
  refill(): Promise<void>;
  close(): Promise<void>;
}

/** Makes and fills a database; `url` is any other on the same server. */
export async function fillDatabase(
  url: string,
  name: string,
  tenant: string,
  size: { readonly waiting: number; readonly done: number },
): Promise<Filled> {
  await runStatement(url, `drop database if exists ${name} with (force)`);
  await runStatement(url, `create database ${name}`);
  const own = onDatabase(url, name);
  await migrate(own);
  const client = new pg.Client({ connectionString: own });
  // Of the server's end the next statement hears.
  client.on("error", () => undefined);
  await client.connect();
  const body = Buffer.from(toBinary(TaskSpecSchema, spec));
  const fixed = [tenant, queue, line.id, nowMs, body];
  let last = 0;
  const refill = async () => {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from task where tenant_id = $1 and state = 1`,
      [tenant],
    );
    const missing = size.waiting - (rows[0]?.count ?? 0);
    if (missing <= 0) return;
    await client.query(insertWaiting, [...fixed, last + 1, last + missing]);
    last += missing;
  };
  const day = utcDay(nowMs);
  await client.query("select foedus_add_log_day('task_done', $1::date)", [day]);
  await client.query(insertDone, [...fixed, day, size.done]);
  const noteLine = `insert into task_line (tenant_id, id, queue, kind, used_ms)
    values ($1, $2, $3, 'bench', $4)`;
  await client.query(noteLine, [tenant, line.id, queue, nowMs]);
  await refill();
  await client.query("vacuum analyze task, task_done_log, task_line");
  return { url: own, refill, close: () => client.end() };
}
