// Two queues over PostgreSQL that people use, each as its own documentation would have it.
import { realWorld } from "@foedus/kernel/world.real.ts";
import { run as runWorkers, runMigrations, Logger } from "graphile-worker";
import pg from "pg";
import { PgBoss } from "pg-boss";
import { onDatabase, runStatement } from "../support/database.ts";
import { repeat } from "./drive.ts";
import type { Turn } from "./rounds.ts";

/** Another queue, with so many jobs waiting at the start of each turn. */
export interface OtherQueue {
  /** Works off jobs for so long: many at once, or one by one. */
  work(how: "many" | "single", ms: number): Promise<Turn>;
  close(): Promise<void>;
}

const payload = { text: "7".repeat(200) };
const workers = 8;
const batch = 50;
const fillChunk = 5_000;

async function freshDatabase(url: string, name: string): Promise<string> {
  await runStatement(url, `drop database if exists ${name} with (force)`);
  await runStatement(url, `create database ${name}`);
  return onDatabase(url, name);
}

/** graphile-worker. It deletes what is done, so there is nothing of that kind to fill in. */
export async function openGraphile(url: string, waiting: number): Promise<OtherQueue> {
  const own = await freshDatabase(url, "bench_graphile");
  const logger = new Logger(() => () => undefined);
  await runMigrations({ connectionString: own, logger });
  const client = new pg.Client({ connectionString: own });
  client.on("error", () => undefined);
  await client.connect();
  const refill = () => fillGraphile(client, waiting);
  const many = { concurrentJobs: 24, localQueue: { size: 500 }, completeJobBatchDelay: 0 };
  return {
    async work(how, ms) {
      await refill();
      let operations = 0;
      const preset = how === "many" ? many : { concurrentJobs: workers };
      const first = Promise.withResolvers<number>();
      const runner = await runWorkers({
        logger,
        connectionString: own,
        maxPoolSize: 24,
        noHandleSignals: true,
        preset: { worker: preset },
        taskList: {
          bench: () => {
            operations += 1;
            first.resolve(performance.now());
          },
        },
      });
      const startMs = await first.promise;
      await realWorld.timers.sleep(ms);
      const seconds = (performance.now() - startMs) / 1_000;
      const done = operations;
      await runner.stop();
      if (done >= waiting) throw new Error("graphile-worker has nothing left");
      return { operations: done, seconds, cpuUs: undefined };
    },
    close: () => client.end(),
  };
}

async function fillGraphile(client: pg.Client, waiting: number): Promise<void> {
  const count = "select count(*)::int as count from graphile_worker._private_jobs";
  const { rows } = await client.query<{ count: number }>(count);
  for (let left = waiting - (rows[0]?.count ?? 0); left > 0; left -= fillChunk) {
    const size = Math.min(left, fillChunk);
    await client.query(
      `select count(*) from graphile_worker.add_jobs(array(
         select json_populate_record(null::graphile_worker.job_spec,
           json_build_object('identifier', 'bench', 'payload', $1::json))
         from generate_series(1, $2::int)))`,
      [JSON.stringify(payload), size],
    );
  }
  await client.query("vacuum analyze graphile_worker._private_jobs");
}

/** pg-boss, fetched and completed by the program: its own workers look twice a second at most. */
export async function openBoss(url: string, waiting: number): Promise<OtherQueue> {
  const own = await freshDatabase(url, "bench_boss");
  const options = { connectionString: own, max: workers, supervise: false, schedule: false };
  const boss = new PgBoss(options);
  boss.on("error", () => undefined);
  await boss.start();
  await boss.createQueue("bench");
  let there = 0;
  const refill = async () => {
    for (; there < waiting; there += fillChunk) {
      const jobs = Array.from({ length: fillChunk }, () => ({ data: payload }));
      await boss.insert("bench", jobs);
    }
    await runStatement(own, "vacuum analyze");
  };
  return {
    async work(how, ms) {
      await refill();
      let operations = 0;
      const act = async () => {
        const batchSize = how === "many" ? batch : 1;
        const jobs = await boss.fetch("bench", { batchSize });
        if (jobs.length === 0) throw new Error("pg-boss has nothing left");
        const ids = jobs.map(({ id }) => id);
        await boss.complete("bench", ids);
        operations += ids.length;
        there -= ids.length;
      };
      const turn = await repeat(act, { lines: workers, ms, pids: [] });
      return { ...turn, operations };
    },
    close: () => boss.stop({ graceful: false }),
  };
}
