// Queues with all that can be seen in them: work that goes on, waits, is held back and failed.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { QueueService } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { type TaskSpec, TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { joinHub } from "@foedus/sdk/join.ts";
import { openNode } from "@foedus/sdk/open.ts";
import { TaskFailed } from "@foedus/sdk/task/failed.ts";
import type { HubSession } from "../federation/session.ts";

type SpecInit = Exclude<MessageInitShape<typeof TaskSpecSchema>, TaskSpec>;

/** A node that works until it is stopped, and the task to look at. */
export interface Toil {
  readonly taskId: string;
  stop(): Promise<void>;
}

const many = 240;
const keys = ["acme", "globex", "initech"];
const pages = 8;

/** Submits tasks and does some of them; resolves once one of them is underway a second time. */
export async function toil(session: HubSession, folder: string): Promise<Toil> {
  const name = "reader-lisbon-01";
  const { secret: token, invitation } = await session.token(name);
  const own = join(folder, name);
  await joinHub({ invitation, token, folder: own });
  const node = await openNode(own);
  await node.register({ title: "Reader", project: "documents", team: "papers" });
  const underway = Promise.withResolvers<string>();
  const held = Promise.withResolvers<never>();
  const offer = { capabilities: ["ocr", "pdf"], labels: { region: "eu" }, models: ["tess-5"] };
  node.work({ queue: "scan", name: "reader", concurrency: 4, ...offer }, async (job) => {
    if (job.kind === "scan.photo") throw failed("BAD_INPUT", "page 17 is upside down", true);
    if (job.attempt === 1) throw failed("RATE_LIMITED", "the provider wants less", false);
    job.progress({ fraction: 5 / pages, message: `page 5 of ${pages}` });
    underway.resolve(job.task.id);
    job.signal.addEventListener("abort", () => held.reject(job.signal.reason), { once: true });
    return await held.promise;
  });
  await submitAll(session);
  return { taskId: await underway.promise, stop: () => node.close() };
}

function failed(reason: string, message: string, isFinal: boolean): TaskFailed {
  return new TaskFailed(reason, message, { isFinal });
}

async function submitAll(session: HubSession): Promise<void> {
  const queues = session.as(QueueService);
  await queues.setQueue({
    requestId: randomUUID(),
    queue: "mail",
    settings: { paused: true, pauseReason: "the provider is down until noon" },
    fields: ["paused", "pause_reason"],
  });
  await submit(session, [
    ...Array.from({ length: 4 }, () => specOf("scan", "scan.pdf")),
    ...Array.from({ length: 3 }, () => specOf("scan", "scan.photo")),
    ...Array.from({ length: 17 }, () => specOf("mail", "mail.send")),
    ...Array.from({ length: many }, (_, at) =>
      specOf("report", "report.quarter", {
        fairnessKey: keys[at % keys.length] ?? "",
        priority: 1 + (at % 10),
        needs: { capabilities: ["latex"] },
        labels: { quarter: "Q3" },
      }),
    ),
  ]);
  await queues.setSchedule({
    requestId: randomUUID(),
    schedule: {
      name: "nightly-report",
      cron: "30 2 * * mon-fri",
      timeZone: "Europe/Lisbon",
      spec: specOf("report", "report.nightly"),
    },
  });
}

async function submit(session: HubSession, specs: TaskSpec[]): Promise<void> {
  await session.as(TaskService).submitTasks({ requestId: randomUUID(), specs });
}

function specOf(queue: string, kind: string, more: SpecInit = {}): TaskSpec {
  const body = new TextEncoder().encode(JSON.stringify({ file: "invoice-0417.pdf", pages }));
  const payload = { contentType: "application/json", body };
  return create(TaskSpecSchema, { queue, kind, payload, ...more });
}
