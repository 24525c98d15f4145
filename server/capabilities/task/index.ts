import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { QueueService } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { callerOf } from "../../runtime/caller.ts";
import type { Capability, Hub, Loop } from "../../runtime/capability.ts";
import { service } from "../../runtime/capability.ts";
import { Crew } from "./crew.flow.ts";
import { Crews } from "./crews.loop.ts";
import { Desk, deskLoop } from "./desk.loop.ts";
import { explainTask } from "./explain.rpc.ts";
import { Gauges } from "./gauge.loop.ts";
import type { TaskKit } from "./kit.flow.ts";
import { News } from "./news.flow.ts";
import { openNodes } from "./nodes.flow.ts";
import { nodesLoop } from "./nodes.loop.ts";
import { Pace } from "./pace.loop.ts";
import { queueRpc } from "./queue.rpc.ts";
import { relayLoop, straysLoop } from "./relay.loop.ts";
import { acrossHubs } from "./relay.explain.flow.ts";
import { RelayReports } from "./relay.report.loop.ts";
import { Handing, type UpKit } from "./relay.up.book.flow.ts";
import { handedEndsLoop } from "./relay.up.ends.loop.ts";
import { HandUp } from "./relay.up.loop.ts";
import { handedProgressLoop } from "./relay.up.progress.loop.ts";
import { handedStraysLoop } from "./relay.up.strays.loop.ts";
import { Queues } from "./queues.flow.ts";
import { reportWriter } from "./report.store.ts";
import { addTaskDays } from "./retain.store.ts";
import { retainLoop } from "./retain.loop.ts";
import { scheduleLoop } from "./schedule.loop.ts";
import { scheduleRpc } from "./schedule.rpc.ts";
import { submitRpc } from "./submit.rpc.ts";
import { taskRpc } from "./task.rpc.ts";
import { tallyLoop, tellEnded } from "./tally.loop.ts";
import { turnGiver } from "./turn.store.ts";
import { waitRpc } from "./wait.rpc.ts";
import { wakeLoop } from "./wake.loop.ts";
import { Watches } from "./watch.loop.ts";
import { watchTask } from "./watch.rpc.ts";
import { workRpc } from "./work.rpc.ts";

/** Work with a holder, a deadline and a reason for every wait. */
export const task: Capability = {
  name: "task",
  tier: Tier.P1,
  async start(hub) {
    const { storage } = hub;
    const parts = partsOf(hub);
    const { kit, news, desk, watches, pace, crew, crews, nodes, queueKit, workKit } = parts;
    const explain = { ...queueKit, nodes };
    const upKit: UpKit = { ...workKit, hub };
    const book = hub.config().parent === "" ? undefined : new Handing(upKit);
    // Before anything ends: what lands outside of a day's partition never leaves.
    await addTaskDays(storage);
    const gauges = new Gauges(storage);
    gauges.meter(hub, crew, desk, watches);
    return {
      services: [
        service(TaskService, {
          ...submitRpc(kit),
          ...taskRpc(kit),
          watchTask: (request, context) =>
            watchTask({ ...kit, watches }, callerOf(context), request, context.signal),
          ...waitRpc({ hub, watches }),
          explainTask: ({ taskId }, context) =>
            acrossHubs({ hub, book }, callerOf(context), (caller) =>
              explainTask(explain, caller, taskId),
            ),
        }),
        service(QueueService, { ...queueRpc(queueKit), ...scheduleRpc(hub) }),
        service(WorkService, workRpc(workKit)),
      ],
      loops: [
        wakeLoop(storage, news, hub.log),
        deskLoop(desk, storage),
        watches.loop(),
        pace.loop(),
        gauges.loop(),
        tallyLoop(storage),
        ...crews.loops(),
        nodesLoop(hub, nodes, crew),
        scheduleLoop(kit),
        ...(book === undefined ? [] : await relayLoops(upKit, book)),
        retainLoop(storage, () => hub.config().eventDays, crews),
      ],
      stop: () => tellEnded(storage),
    };
  },
};

/** What its methods and loops share. */
function partsOf(hub: Hub) {
  const { storage } = hub;
  const [news, crew] = [new News(), new Crew()];
  const [desk, watches, pace] = [new Desk(storage), new Watches(storage), new Pace(storage)];
  for (const listener of [desk, crew, watches]) news.listen(listener);
  const turns = turnGiver(storage);
  const kit: TaskKit = {
    hub,
    news,
    turns: (wishes) => Promise.all(wishes.map((wish) => turns.add(wish))),
  };
  const reports = reportWriter(storage, (saved) => news.saved(saved));
  const [crews, nodes] = [new Crews(hub, crew), openNodes(hub)];
  const workKit = { ...kit, desk, crew, crews, pace, nodes, reports };
  const looking = { storage, crews, pace };
  const queueKit = { ...looking, news, all: new Queues(looking) };
  return { kit, news, desk, watches, pace, crew, crews, nodes, queueKit, workKit };
}

/** What a hub below another one does beside. */
async function relayLoops(kit: UpKit, book: Handing): Promise<Loop[]> {
  const reports = new RelayReports(kit);
  const handUp = new HandUp(kit, book);
  for (const listener of [reports, book, handUp]) kit.news.listen(listener);
  await book.resume();
  const down = [reports.loop(), relayLoop(kit, reports), straysLoop(kit)];
  const heard = [handedEndsLoop, handedProgressLoop, handedStraysLoop];
  return [...down, book.loop(), handUp.loop(), ...heard.map((loop) => loop(kit, book))];
}
