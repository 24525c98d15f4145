import type { Rows } from "@foedus/gen/rows";
import type { World } from "@foedus/kernel/world.ts";
import { sql, type Kysely } from "kysely";

/** How often the offset to the database's clock is measured again. */
const measureMs = 30_000;

/** The database's clock as this process sees it. */
export interface StoreClock {
  nowMs(): number;
  stop(): void;
}

/** One clock per store: several hubs over one database agree on what is late. */
export async function measureClock(database: Kysely<Rows>, world: World): Promise<StoreClock> {
  const stopping = new AbortController();
  let offsetMs = await offset(database, world);
  const again = async () => {
    while (!stopping.signal.aborted) {
      await world.timers.sleep(measureMs, stopping.signal);
      if (stopping.signal.aborted) return;
      offsetMs = await offset(database, world).catch(() => offsetMs);
    }
  };
  void again();
  return {
    nowMs: () => Math.round(world.clock.now() + offsetMs),
    stop: () => stopping.abort(),
  };
}

async function offset(database: Kysely<Rows>, world: World): Promise<number> {
  const before = world.clock.now();
  const result = await sql<{ ms: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(database);
  const after = world.clock.now();
  return (result.rows[0]?.ms ?? after) - (before + after) / 2;
}
