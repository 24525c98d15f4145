// Events a second: signed by nodes, verified and made durable by the hub, acknowledged to the node.
import { create, toBinary } from "@bufbuild/protobuf";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { PublishRequestSchema } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { signBatch } from "@foedus/kernel/batch.ts";
import pg from "pg";
import type { Bench } from "./context.ts";
import { ask, once, protocols, repeat } from "./drive.ts";
import { joinNodes, type BenchNode } from "./federation.ts";

const path = "/foedus.event.v1.EventService/Publish";
const lines = 8;
const batchEvents = 256;
const payloadBytes = 150;
/** A source has at most 64 streams. */
const streamsMax = 60;

/** A line of a node's events, batch after batch, signed before anybody looks at the clock. */
function batches(node: BenchNode, stream: string, size: number, eventBytes = payloadBytes) {
  const { admission, identity } = node.membership;
  const topic = "x".repeat(Math.max(1, eventBytes - 100));
  const payload = toBinary(
    TelemetrySyncSchema,
    create(TelemetrySyncSchema, { priorities: [{ topic, weight: 0.5, confidence: 0.5 }] }),
  );
  const epoch = BigInt(Date.now());
  let sequence = 0n;
  return () => {
    const events = Array.from({ length: size }, () => {
      sequence += 1n;
      const place = { stream, epoch, sequence, timeMs: BigInt(Date.now()) };
      const { spiffeId: source } = admission;
      return create(EventSchema, { type: "telemetry_sync", source, payload, ...place });
    });
    return toBinary(
      PublishRequestSchema,
      create(PublishRequestSchema, { batch: signBatch(identity, events) }),
    );
  };
}

/** Stores so many events of a node. */
export async function publishEvents(
  node: BenchNode,
  stream: string,
  count: number,
  eventBytes: number,
): Promise<void> {
  const next = batches(node, stream, 250, eventBytes);
  for (let sent = 0; sent < count; sent += 250) {
    await ask(node.session, { path, headers: protocols.connect, body: next() });
  }
}

/** Batches of 256, and events that come alone. */
export const publish: Bench = {
  title: "Events a second, end to end",
  what: "signed by nodes, verified, checked for replay, stored durably and acknowledged; 8 requests at once",
  target: "",
  async run(context) {
    const nodes = await joinNodes(context.federation, "publish", lines);
    const pids = [context.federation.hub.child.pid ?? 0];
    const floor = await openFloor(context.federation.url);
    let turns = 0;
    const turn = (size: number, each: number) => async () => {
      turns += 1;
      const signed = nodes.map((node) => {
        const next = batches(node, `turn-${turns % streamsMax}`, size);
        return Array.from({ length: each }, next);
      });
      const line = async ({ session }: BenchNode, at: number) => {
        for (const body of signed[at] ?? []) {
          await ask(session, { path, headers: protocols.connect, body });
        }
      };
      return await once(async () => {
        await Promise.all(nodes.map(line));
        return lines * each * size;
      }, pids);
    };
    const [whole, single] = context.small ? [4, 60] : [40, 800];
    try {
      return await context.measure([
        {
          name: "PostgreSQL alone, 256 rows a statement",
          turn: () => floor.turn(context.turnMs, batchEvents),
        },
        {
          name: "hub, batches of 256",
          floor: "PostgreSQL alone, 256 rows a statement",
          turn: turn(batchEvents, whole),
        },
        { name: "PostgreSQL alone, 1 row a statement", turn: () => floor.turn(context.turnMs, 1) },
        {
          name: "hub, single events",
          floor: "PostgreSQL alone, 1 row a statement",
          turn: turn(1, single),
        },
      ]);
    } finally {
      await floor.close();
      for (const { session } of nodes) session.destroy();
    }
  },
};

/** The statement of `appendLog`, by pg alone: no signatures, no windows, no answers. */
async function openFloor(url: string) {
  const clients = Array.from({ length: lines }, () => new pg.Client({ connectionString: url }));
  for (const client of clients) await client.connect();
  const text = `with h as (
      insert into log_head (tenant_id, log, seq) values ('floor', 'event', $1)
      on conflict (tenant_id, log) do update set seq = log_head.seq + $1 returning seq
    ) insert into event_log (tenant_id, seq, day, stored_ms, kind, source, subject, body)
      select 'floor', h.seq - $1 + u.at, current_date, 0, 'k', '', '', u.body
      from h, unnest($2::bytea[]) with ordinality as u (body, at)`;
  const body = Buffer.alloc(payloadBytes + 150, 7);
  return {
    async turn(ms: number, size: number) {
      const values = [size, Array.from({ length: size }, () => body)];
      const act = (line: number) =>
        clients[line]?.query({ name: "floor", text, values }) ?? Promise.resolve();
      const done = await repeat(act, { lines, ms, pids: [] });
      return { ...done, operations: done.operations * size };
    },
    close: async () => {
      for (const client of clients) await client.end();
    },
  };
}
