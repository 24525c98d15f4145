// What workers and submitters say to a hub over plain node:http2, as cheap as a client can be.
import { randomUUID } from "node:crypto";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  SubmitTaskRequestSchema,
  SubmitTasksRequestSchema,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { Assignment, ReportSchema } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import {
  ClaimTasksRequestSchema,
  ClaimTasksResponseSchema,
  ReportTasksRequestSchema,
  WorkRequestSchema,
  WorkResponseSchema,
} from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { ask, enveloped, protocols } from "./drive.ts";

const tasks = "/foedus.task.v1.TaskService";
const work = "/foedus.task.v1.WorkService";
const envelopeBytes = 5;
const body = new Uint8Array(200).fill(7);
const result = { body: new Uint8Array(16) };

/** A task of a queue, as all benches submit it. */
function specOf(queue: string): MessageInitShape<typeof TaskSpecSchema> {
  return { queue, kind: "bench", payload: { contentType: "text/plain", body } };
}

function call<Desc extends DescMessage>(
  session: ClientHttp2Session,
  path: string,
  schema: Desc,
  request: MessageInitShape<Desc>,
): Promise<Buffer> {
  const bytes = toBinary(schema, create(schema, request));
  return ask(session, { path, headers: protocols.connect, body: bytes });
}

/** Submits one task, durable when it resolves. */
export async function submitOne(session: ClientHttp2Session, queue: string): Promise<void> {
  const request = { requestId: randomUUID(), spec: specOf(queue) };
  await call(session, `${tasks}/SubmitTask`, SubmitTaskRequestSchema, request);
}

/** Submits many tasks at once. */
export async function submitMany(
  session: ClientHttp2Session,
  queue: string,
  count: number,
): Promise<void> {
  const specs = Array.from({ length: count }, () => specOf(queue));
  const request = { requestId: randomUUID(), specs };
  await call(session, `${tasks}/SubmitTasks`, SubmitTasksRequestSchema, request);
}

/** Claims tasks, waiting for the first one for so long. */
export async function claim(
  session: ClientHttp2Session,
  wish: { readonly queue: string; readonly name: string; readonly count: number; waitMs?: number },
): Promise<Assignment[]> {
  const { queue, name, count, waitMs } = wish;
  const answer = await call(session, `${work}/ClaimTasks`, ClaimTasksRequestSchema, {
    claimId: randomUUID(),
    worker: { name, queue, concurrency: count },
    count,
    ...(waitMs === undefined ? {} : { wait: durationFromMs(waitMs) }),
  });
  return fromBinary(ClaimTasksResponseSchema, answer).assignments;
}

/** Completes what was claimed, durable when it resolves. */
export async function complete(
  session: ClientHttp2Session,
  held: readonly Assignment[],
): Promise<void> {
  const request = { reports: held.map(doneOf) };
  await call(session, `${work}/ReportTasks`, ReportTasksRequestSchema, request);
}

function doneOf({ hold }: Assignment): MessageInitShape<typeof ReportSchema> {
  return { ...(hold === undefined ? {} : { hold }), said: { case: "result", value: result } };
}

/** A worker at work over a stream, which says at once that it is done. */
export class BenchShift {
  readonly #http: ClientHttp2Stream;
  readonly #came: (assignment: Assignment) => void;
  readonly ready: Promise<void>;
  readonly #isReady = Promise.withResolvers<void>();
  #rest: Buffer = Buffer.alloc(0);

  constructor(
    session: ClientHttp2Session,
    worker: { readonly queue: string; readonly name: string },
    came: (assignment: Assignment) => void,
  ) {
    this.#came = came;
    this.ready = this.#isReady.promise;
    const path = `${work}/Work`;
    this.#http = session.request({ ...protocols.grpc, ":method": "POST", ":path": path });
    this.#http.on("data", (part: Buffer) => this.#take(part));
    this.#http.on("error", (error: Error) => this.#isReady.reject(error));
    this.#put({ said: { case: "worker", value: { ...worker, concurrency: 1 } } });
    this.#put({ said: { case: "room", value: 1 } });
  }

  close(): void {
    this.#http.on("error", () => undefined).close();
  }

  #take(part: Buffer): void {
    this.#rest = this.#rest.length === 0 ? part : Buffer.concat([this.#rest, part]);
    while (this.#rest.length >= envelopeBytes) {
      const end = envelopeBytes + this.#rest.readUInt32BE(1);
      if (this.#rest.length < end) return;
      const { said } = fromBinary(WorkResponseSchema, this.#rest.subarray(envelopeBytes, end));
      this.#rest = this.#rest.subarray(end);
      this.#isReady.resolve();
      if (said.case !== "assignment") continue;
      this.#came(said.value);
      this.#put({ said: { case: "report", value: doneOf(said.value) } });
    }
  }

  #put(message: MessageInitShape<typeof WorkRequestSchema>): void {
    const bytes = toBinary(WorkRequestSchema, create(WorkRequestSchema, message));
    if (!this.#http.destroyed) this.#http.write(enveloped(bytes));
  }
}
