// `npm run demo:tasks`: four workers in three languages, one killed, one lying; all done just once.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { openTasks } from "@foedus/sdk/task/tasks.open.ts";
import { type DemoHub, startHub } from "./hubs.ts";
import { joinedNode } from "./nodes.ts";
import { until } from "./sync.tree.ts";
import type { CrewMember, Language } from "./tasks.crew.ts";
import { inGo, inPython, queue, startWorker, typescript } from "./tasks.crew.ts";
import { tellLies } from "./tasks.liar.ts";
import { chapter, say, showCount, showHandovers, showLanes } from "./tasks.page.ts";
import { holdsOf } from "./tasks.record.ts";
import {
  heldBy,
  submitAll,
  untilAmid,
  untilDone,
  untilPassedOn,
  workHonestly,
} from "./tasks.story.ts";

const crewSize = 4;

const folder = mkdtempSync(join(tmpdir(), "foedus-demo-"));
chmodSync(folder, 0o711);
const hubs: DemoHub[] = [];
const crew: CrewMember[] = [];
const ended = new AbortController();
let isWell = false;
try {
  isWell = await tell();
} finally {
  ended.abort();
  await Promise.allSettled(crew.map((one) => one.stop()));
  await Promise.allSettled(hubs.map((hub) => hub.stop()));
  rmSync(folder, { recursive: true, force: true });
}
if (!isWell) process.exitCode = 1;

async function tell(): Promise<boolean> {
  chapter("A hub starts, and four workers join it");
  const hub = await startHub(folder, "hub");
  hubs.push(hub);
  await hire(hub, "ada", typescript);
  await hire(hub, "pia", inPython);
  await hire(hub, "gus", inGo);
  await using mallory = await joinedNode(folder, hub, "mallory");
  const honest = workHonestly(mallory);
  say("mallory", "a worker in TypeScript, which works honestly, and lies besides");
  await untilAll(hub);

  const client = hub.session.as(TaskService);
  const hubNow = () => realWorld.clock.now();
  const tasks = openTasks({ world: realWorld, client, ended: ended.signal, hubNow });
  const names = await namesOf(hub);
  const idOf = (name: string) => [...names].find(([, each]) => each === name)?.[0] ?? "";
  const wanted = await submitAll(tasks);
  const labels = new Map(wanted.map(({ id, label }) => [id, label]));
  const labelOf = ({ id }: { id: string }) => labels.get(id) ?? id;
  chapter(`${wanted.length} tasks are submitted; each is held for 2 s from sign of life to sign`);

  await untilAmid(tasks, idOf("ada"));
  const ada = crew.find(({ name }) => name === "ada");
  const diedMs = (await ada?.kill()) ?? 0;
  crew.splice(0, 1);
  const held = await heldBy(tasks, idOf("ada"));
  chapter("The power of ada is cut (kill -9), amid its tasks");
  say("ada", `held ${held.map(labelOf).toSorted().join(" and ")}; its leases run on`);

  const targets = await untilPassedOn(tasks, held, mallory.nodeId);
  chapter("The leases lapse, and others have them; and mallory lies");
  const nameOf = (nodeId: string) => names.get(nodeId) ?? nodeId;
  const lies = await tellLies(mallory, { ...targets, labelOf, nameOf });
  for (const { claim, verdict, detail } of lies) {
    say("mallory", claim);
    say("hub", `  ${verdict}: ${detail}`);
  }

  const went = await untilDone(tasks, wanted);
  const known = { names, diedMs: new Map([["ada", diedMs]]) };
  const holds = went.flatMap(({ label, steps }) => holdsOf(label, steps, known));
  chapter("Who took what when, by the hub's own record");
  showLanes(["ada", "pia", "gus", "mallory"], holds);
  showHandovers(holds);
  await honest.drain();
  chapter("The count");
  return showCount(went, holds, lies);
}

/** Starts the worker of a language, or, where the language is missing, the one in TypeScript. */
async function hire(hub: DemoHub, name: string, language: Language): Promise<void> {
  if (language.prepares !== undefined) say(name, language.prepares);
  const lack = language.lacks();
  if (lack !== undefined) say(name, `${lack}: it runs in TypeScript instead`);
  const spoken = lack === undefined ? language : typescript;
  const member = await startWorker(folder, hub, name, spoken);
  crew.push(member);
  say(name, `a worker in ${spoken.name}: ${spoken.program}`);
}

async function untilAll(hub: DemoHub): Promise<void> {
  const work = hub.session.as(WorkService);
  await until(
    "four workers",
    async () => (await work.listWorkers({ queue })).workers.map(({ worker }) => worker?.name),
    (names) => names.length === crewSize,
  );
}

async function namesOf(hub: DemoHub): Promise<Map<string, string>> {
  const { nodes } = await hub.session.as(NodeService).listNodes({});
  return new Map(nodes.map(({ id, name }) => [id, name]));
}
