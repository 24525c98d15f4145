// PostgreSQL alone: a table of tasks, as plain as it can be.
import pg from "pg";
import { repeat } from "./drive.ts";
import type { Turn } from "./rounds.ts";

const payloadBytes = 260;

/** The floor: claims and completions by bare SQL. */
export interface TaskFloor {
  work(count: number, lines: number, ms: number): Promise<Turn>;
  close(): Promise<void>;
}

const claim = `update bench_task set status = 'running', attempts = attempts + 1, lease_ms = $2,
    worker = $3 where id = any(array(select id from bench_task where status = 'pending'
      order by priority desc, id limit $1 for update skip locked)) returning *`;
const complete = `update bench_task set status = 'completed', lease_ms = null
  where id = any($1) and worker = $2`;

/** A bare table with so many tasks that wait and so many that are done, in the same table. */
export async function openTaskFloor(
  url: string,
  connections: number,
  size: { readonly waiting: number; readonly done: number },
): Promise<TaskFloor> {
  const clients = Array.from(
    { length: connections },
    () => new pg.Client({ connectionString: url }),
  );
  for (const client of clients) {
    client.on("error", () => undefined);
    await client.connect();
  }
  const [first] = clients;
  const payload = Buffer.alloc(payloadBytes, 7);
  await first?.query(`
    create table bench_task (id bigint generated always as identity primary key,
      tenant_id text not null, priority smallint not null, status text not null,
      attempts smallint not null default 0, lease_ms bigint, worker text, payload bytea not null)
      with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
    create index bench_ready on bench_task (priority desc, id) where status = 'pending';
    create index bench_lease on bench_task (lease_ms) where status = 'running'`);
  const insert = `insert into bench_task (tenant_id, priority, status, payload)
    select 'bench', 5, $1, $2 from generate_series(1, $3::bigint)`;
  await first?.query(insert, ["completed", payload, size.done]);
  const refill = async () => {
    const found = await first?.query<{ count: number }>(
      "select count(*)::int as count from bench_task where status = 'pending'",
    );
    const missing = size.waiting - (found?.rows[0]?.count ?? 0);
    if (missing > 0) await first?.query(insert, ["pending", payload, missing]);
  };
  await refill();
  await first?.query("vacuum analyze bench_task");
  return {
    work: async (count, lines, ms) => {
      await refill();
      let operations = 0;
      const act = async (line: number) => {
        const done = await once(clients[line], line, count);
        operations += done;
      };
      const turn = await repeat(act, { lines, ms, pids: [] });
      return { ...turn, operations };
    },
    close: async () => {
      for (const client of clients) await client.end();
    },
  };
}

async function once(client: pg.Client | undefined, line: number, count: number) {
  const worker = `w${line}`;
  const values = [count, Date.now() + 30_000, worker];
  const held = await client?.query<{ id: string }>({ name: "claim", text: claim, values });
  const ids = held?.rows.map(({ id }) => id) ?? [];
  if (ids.length === 0) throw new Error("the bare table has nothing left");
  await client?.query({ name: "complete", text: complete, values: [ids, worker] });
  return ids.length;
}
