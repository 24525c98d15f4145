import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { QueueService } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { Chance } from "@foedus/kernel/simulation/chance.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FoedusNode } from "../../clients/sdk/node.ts";
import { openSession } from "../../tools/federation/session.ts";
import { rowsOf } from "../support/bundled.ts";
import { cloneDatabase } from "../support/database.ts";
import { samePorts, startHubProcess, type HubProcess } from "../support/hub.process.ts";
import { until } from "../support/until.ts";
import { hasty, joinedNode, wholeLog } from "./load.ts";
import { judged, livingIn, miscounted, TaskBook, toldIn } from "./task.book.ts";
import { startPoller, startStreamer } from "./task.hands.ts";
import { soon, startSubmitter, type Party } from "./task.load.ts";
import { makeDue, moments, reach, untilEmpty } from "./task.moment.ts";

/** So many at random moments, beside one at each of the chosen. */
const kills = Number(process.env.FOEDUS_TASK_KILLS ?? "2");
const seed = Number(process.env.FOEDUS_TASK_SEED ?? "1");
/** Only ends what hangs: each of the deaths is a start of a hub. */
const patienceMs = 900_000;
const aliveMsMax = 1_500;
const rates = ["control", "join", "publish", "heartbeat", "stream"];
const flags = ["--drain-ms", "500", ...rates.flatMap((name) => [`--${name}-rate`, "1000000000"])];
const schedule = "yearly";

let folder = "";
let url = "";
let hub: HubProcess;
let nodes: FoedusNode[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "foedus-task-killed-"));
  ({ url } = await cloneDatabase());
  hub = await startHubProcess({ data: folder, url, flags });
  const names = ["a", "b"];
  nodes = await Promise.all(names.map((name) => joinedNode(hub.ready, folder, name, hasty)));
});
afterAll(async () => {
  await hub.kill();
  await Promise.all(nodes.map((node) => node.close()));
  await rm(folder, { recursive: true, force: true });
});

/** Two nodes, each with one who submits, one who works over a stream and one who asks. */
function startAll(book: TaskBook): { readonly submitters: Party[]; readonly workers: Party[] } {
  const parts = nodes.map((node, at) => ({ node, book, queue: "killed", seed: seed + at }));
  return {
    submitters: parts.map(startSubmitter),
    workers: parts.flatMap((part) => {
      const { name } = part.node;
      return [startStreamer(part, `stream-${name}`), startPoller(part, `poll-${name}`)];
    }),
  };
}

async function restart(): Promise<void> {
  await untilEmpty(url);
  expect(await miscounted(url)).toEqual([]);
  hub = await startHubProcess({ data: folder, url, flags: [...flags, ...samePorts(hub.ready)] });
}

test(
  `a hub that dies ${kills} times and in each step loses and doubles no task`,
  async () => {
    const [book, chance] = [new TaskBook(), new Chance(seed)];
    const spec = { queue: "killed", kind: "plain", ...soon };
    const yearly = { name: schedule, cron: "0 0 1 1 *", timeZone: "UTC", spec };
    const queues = openSession(folder).as(QueueService);
    await queues.setSchedule({ requestId: randomUUID(), schedule: yearly });
    const all = startAll(book);
    await book.more(50);
    let turns = 0;
    for (const moment of moments) {
      const release = await reach(url, moment, async () => {
        if (moment.table !== "task_schedule") return;
        turns += 1;
        await makeDue(url, schedule);
      });
      await hub.kill();
      await release();
      await restart();
      await book.more(30);
    }
    for (let kill = 0; kill < kills; kill++) {
      await realWorld.timers.sleep(chance.below(aliveMsMax));
      await hub.kill();
      await restart();
      await book.more(30);
    }
    await Promise.all(all.submitters.map((one) => one.stop()));
    await until(async () => expect([await livingIn(url), book.problems]).toEqual([[], []]));
    await Promise.all(all.workers.map((one) => one.stop()));
    expect(await judged(book, url)).toEqual([]);
    expect(await miscounted(url)).toEqual([]);
    // Each end is told once, whatever died between a task and the events.
    const [ended] = await rowsOf(url, "select count(*)::int as count from task_done_log");
    await until(async () => {
      expect(toldIn(await wholeLog(hub.ready, folder))).toBe(ended?.count);
    });
    const [fired] = await rowsOf(
      url,
      "select count(*)::int as count from task_done_log where schedule_id <> ''",
    );
    expect(fired).toEqual({ count: turns });
    process.stderr.write(`${book.results.size} tasks; ${JSON.stringify([...book.failures])}\n`);
  },
  patienceMs,
);
