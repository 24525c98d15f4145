import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Chance } from "@foedus/kernel/simulation/chance.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FoedusNode } from "../../clients/sdk/node.ts";
import { choosePlace } from "../../server/runtime/storage/bundled.place.ts";
import { readPostmaster } from "../../server/runtime/storage/bundled.process.ts";
import { urlOf } from "../../server/runtime/storage/bundled.ts";
import { rowsOf } from "../support/bundled.ts";
import { makeDataFolder } from "../support/folder.ts";
import { startHubProcess, type HubProcess } from "../support/hub.process.ts";
import { until } from "../support/until.ts";
import { hasty, joinedNode } from "./load.ts";
import { judged, livingIn, miscounted, TaskBook } from "./task.book.ts";
import { startPoller, startStreamer } from "./task.hands.ts";
import { startSubmitter } from "./task.load.ts";
import { moments, reach } from "./task.moment.ts";

/** So many at random moments, beside one at each of the chosen. */
const kills = Number(process.env.FOEDUS_TASK_KILLS ?? "4");
const seed = Number(process.env.FOEDUS_TASK_SEED ?? "1");
/** Only ends what hangs: each of the deaths is a start of a server. */
const patienceMs = 900_000;
const aliveMsMax = 1_500;
const rates = ["control", "join", "publish", "heartbeat", "stream"];
const flags = rates.flatMap((name) => [`--${name}-rate`, "1000000000"]);
/** What a database can die amid of, beside the hub's own death. */
const chosen = new Set(["before a submit is committed", "amid a claim", "amid a result"]);

let folder = "";
let hub: HubProcess;
let node: FoedusNode;
beforeAll(async () => {
  folder = makeDataFolder("task-killed");
  hub = await startHubProcess({ data: folder, flags });
  node = await joinedNode(hub.ready, folder, "steady", hasty);
});
afterAll(async () => {
  await node.close();
  await hub.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The server of this test's own hub, as its superuser sees it. */
function server() {
  const { root } = choosePlace(join(folder, "postgres"), () => undefined);
  const found = readPostmaster(join(root, "data"));
  if (found === undefined) throw new Error(`no server runs in ${root}`);
  const password = readFileSync(join(root, "password"), "utf8").trim();
  return { pid: found.pid, url: urlOf(found, password) };
}

function killPostmaster(): void {
  process.kill(server().pid, "SIGKILL");
}

/** One process of the hub's dies: the server ends all others, and comes back by itself. */
async function killBackend(): Promise<void> {
  const busy = "select pid from pg_stat_activity where query like '/*task.%' limit 1";
  const [row] = await until(async () => {
    const rows = await rowsOf(server().url, busy);
    expect(rows).toHaveLength(1);
    return rows;
  });
  process.kill(Number(row?.pid), "SIGKILL");
}

test(
  "a PostgreSQL that dies amid of anything loses and doubles no task",
  async () => {
    const [book, chance] = [new TaskBook(), new Chance(seed)];
    const part = { node, book, queue: "killed", seed };
    const submitter = startSubmitter(part);
    const workers = [startStreamer(part, "stream"), startPoller(part, "poll")];
    await book.more(50);
    for (const moment of moments.filter(({ what }) => chosen.has(what))) {
      const release = await reach(server().url, moment);
      killPostmaster();
      await release();
      await book.more(30);
    }
    for (let kill = 0; kill < kills; kill++) {
      await realWorld.timers.sleep(chance.below(aliveMsMax));
      if (kill % 2 === 0) killPostmaster();
      else await killBackend();
      await book.more(30);
    }
    await submitter.stop();
    await until(async () =>
      expect([await livingIn(server().url), book.problems]).toEqual([[], []]),
    );
    await Promise.all(workers.map((one) => one.stop()));
    expect(await judged(book, server().url)).toEqual([]);
    expect(await miscounted(server().url)).toEqual([]);
    expect(hub.child.exitCode).toBe(null);
    process.stderr.write(`${book.results.size} tasks; ${JSON.stringify([...book.failures])}\n`);
  },
  patienceMs,
);
