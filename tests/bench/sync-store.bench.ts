// What the log under sync stores and reads, beside PostgreSQL alone.
import { create } from "@bufbuild/protobuf";
import { PushSchema } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { anyTerms } from "@foedus/kernel/sync/charter.ts";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import type { Item, LogAnswer } from "@foedus/kernel/sync/log.ts";
import { encodeOp, streamKey } from "@foedus/kernel/sync/op.ts";
import { newReplica } from "@foedus/kernel/sync/replica.ts";
import { soundRules as rules } from "@foedus/kernel/sync/rules.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import pg from "pg";
import { openIncarnation } from "../../server/capabilities/sync/incarnation.store.ts";
import { openSyncLog, type SyncLog } from "../../server/capabilities/sync/log.store.ts";
import { openStorage } from "../../server/runtime/storage/open.ts";
import { silentLog } from "../support/storage.ts";
import type { Bench, BenchContext } from "./context.ts";
import { once, repeat } from "./drive.ts";

const segmentOps = 50;
const bodyBytes = 64;
const digitsMax = 9;
const lines = 16;
const streams = 8;
const connectionsMax = 8;
const pageOps = 256;
const pageBytes = 262_144;

/** Ops of 50 a push, each committed before the writer goes on. */
export const syncIngest: Bench = {
  title: "B3: sync, ops stored a second",
  what: "16 writers, 50 ops a push to records of their own; stamped, merged into cells, deduplicated and durable before the next",
  target: ">= 0.5 x PostgreSQL alone, >= 10,000",
  async run(context) {
    const [floor, hub] = [await openFloor(context), await openHub(context)];
    const writersTo = (count: number) => {
      const keys = Array.from({ length: count }, (_, at) => hub.stream(`ingest-${at}`));
      const writers = Array.from({ length: lines }, (_, at) =>
        writer(keys[at % count] ?? hub.stream("none")),
      );
      return async () => {
        const line = (at: number) => writers[at]?.() ?? Promise.resolve();
        const done = await repeat(line, { lines, ms: context.turnMs, pids: [] });
        return { ...done, operations: done.operations * segmentOps };
      };
    };
    const alone = "PostgreSQL alone, 50 rows a statement";
    const apart = "PostgreSQL alone, 8 heads";
    try {
      return await context.measure([
        { name: alone, turn: () => floor.ingest(context.turnMs, 1) },
        { name: "the log of sync, one stream", floor: alone, turn: writersTo(1) },
        { name: apart, turn: () => floor.ingest(context.turnMs, streams) },
        { name: "the log of sync, 8 streams", floor: apart, turn: writersTo(streams) },
      ]);
    } finally {
      await Promise.all([floor.close(), hub.close()]);
    }
  },
};

/** A reader that was away reads what it lacks, page by page. */
export const syncCatchUp: Bench = {
  title: "B4: sync, ops read a second",
  what: "a reader that lacks 100,000 ops (10,000 when small) reads them from the log in pages of 256; one that lacks 1,000 of them reads those",
  target: ">= 0.4 x PostgreSQL alone; the cost follows what is lacked",
  async run(context) {
    const [floor, hub] = [await openFloor(context), await openHub(context)];
    const total = context.small ? 10_000 : 100_000;
    const delta = 1_000;
    const stream = hub.stream("catch-up");
    const write = writer(stream);
    for (let written = 0; written < total; written += segmentOps) await write();
    await floor.fill(total);
    const alone = "PostgreSQL alone, 256 rows a statement";
    const read = (lacked: number) => async () => {
      // As a hub that has just started: nothing of it is in memory.
      const fresh = await hub.reopened(stream.key);
      return await once(() => readAll(fresh, stream.key, total - lacked), []);
    };
    try {
      return await context.measure([
        { name: alone, turn: () => once(() => floor.readAll(0), []) },
        { name: "the log of sync, all of it", floor: alone, turn: read(total) },
        { name: "the log of sync, the last 1,000", floor: alone, turn: read(delta) },
      ]);
    } finally {
      await Promise.all([floor.close(), hub.close()]);
    }
  },
};

interface BenchStream {
  readonly key: string;
  push(item: Item): Promise<void>;
}

async function openHub({ federation }: BenchContext) {
  const options = { url: federation.url, world: realWorld, log: silentLog, connectionsMax };
  const storage = await openStorage(options);
  const incarnation = await openIncarnation(storage);
  const log = openSyncLog({ storage, incarnation, rules, limits });
  return {
    stream(collection: string): BenchStream {
      const stream = create(StreamSchema, { collection, zone: "world", lane: 1 });
      const key = streamKey("bench", stream);
      return { key, push: queueOf(log, key) };
    },
    reopened: async (_key: string) => openSyncLog({ storage, incarnation, rules, limits }),
    close: () => storage.close(),
  };
}

/** As the core does it: one commit of a stream at a time, and what comes meanwhile is the next. */
function queueOf(log: SyncLog, key: string): BenchStream["push"] {
  let waiting: { readonly item: Item; readonly done: () => void }[] = [];
  let committing = false;
  const commitAll = async () => {
    committing = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      const items = group.map(({ item }) => item);
      const answer = await log.answer({ type: "commit", key, items }, realWorld.clock.now());
      check(answer);
      for (const { done } of group) done();
    }
    committing = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, done: resolve });
      if (!committing) commitAll().catch(reject);
    });
}

function check(answer: LogAnswer): void {
  if (answer.type !== "commit") throw new Error("not a commit's answer");
  for (const result of answer.results) {
    if (result.type === "push" && (result.done.gap || result.done.mark.refused.length > 0)) {
      throw new Error("a push was not taken");
    }
  }
}

/**
 * Writes ops that differ by a number in their record's name: their author is not what is measured.
 */
function writer({ push }: BenchStream): () => Promise<void> {
  const replica = newReplica(realWorld);
  const digits = "0".repeat(digitsMax);
  const op = Buffer.from(opIn(`${replica}-${digits}`));
  const at = op.indexOf(digits);
  let ctr = 0;
  return async () => {
    const ctrFrom = ctr + 1;
    // One buffer for all, as they come out of a frame.
    const frame = Buffer.alloc(op.length * segmentOps);
    const ops = Array.from({ length: segmentOps }, (_, index) => {
      ctr += 1;
      const start = index * op.length;
      frame.set(op, start);
      frame.write(String(ctr).padStart(digitsMax, "0"), start + at, "latin1");
      return new Uint8Array(frame.buffer, frame.byteOffset + start, op.length);
    });
    const value = create(PushSchema, { replica, ctrFrom, ops });
    await push({ type: "push", session: replica, push: value, terms: anyTerms });
  };
}

function opIn(record: string): Uint8Array {
  const [hlcMs, body] = [realWorld.clock.now(), new Uint8Array(bodyBytes).fill(7)];
  return encodeOp({ kind: Kind.REG_MV, record, field: "title", hlcMs, body });
}

async function readAll(log: SyncLog, key: string, from: number): Promise<number> {
  const ref = { session: "reader", key };
  let count = 0;
  for (let after = from; ;) {
    const request = { type: "page", ref, after, bytesMax: pageBytes, opsMax: pageOps } as const;
    const answer = await log.answer(request, realWorld.clock.now());
    if (answer.type !== "page" || answer.to === after) return count;
    count += answer.entries.length;
    after = answer.to;
  }
}

/**
 * One row an op, by the statement that won, through pg alone: names and ops are as long as those of
 * the log, and as many writers as there take their turns at one head, or at as many as it has.
 */
async function openFloor({ federation }: BenchContext) {
  const clients = Array.from(
    { length: lines },
    () => new pg.Client({ connectionString: federation.url }),
  );
  for (const client of clients) await client.connect();
  await clients[0]?.query(`
    create table if not exists bench_head (
      tenant_id text primary key, seq bigint not null) with (fillfactor = 20);
    create table if not exists bench_op (
      tenant_id text, seq bigint, hub text, ctr bigint, replica text, dot bigint, op bytea,
      primary key (tenant_id, seq))`);
  const insert = `with h as (
      insert into bench_head values ($1, $2) on conflict (tenant_id)
      do update set seq = bench_head.seq + $2 returning seq
    ) insert into bench_op select $1, h.seq - $2 + u.at, $4, u.at, $5, u.at, u.op
      from h, unnest($3::bytea[]) with ordinality as u (op, at)`;
  const [hub, replica] = [newReplica(realWorld), newReplica(realWorld)];
  const op = Buffer.from(opIn(`${replica}-${"0".repeat(digitsMax)}`));
  const segment = Array.from({ length: segmentOps }, () => op);
  const write = (tenant: string, line: number) =>
    clients[line]?.query({
      name: "insert",
      text: insert,
      values: [tenant, segmentOps, segment, hub, replica],
    }) ?? Promise.resolve();
  return {
    async ingest(ms: number, heads: number) {
      const act = (line: number) => write(`ingest-${line % heads}`, line);
      const done = await repeat(act, { lines, ms, pids: [] });
      return { ...done, operations: done.operations * segmentOps };
    },
    async fill(total: number) {
      for (let written = 0; written < total; written += segmentOps) await write("read", 0);
    },
    readAll: (from: number) => readRows(clients[0], from),
    close: async () => {
      for (const client of clients) await client.end();
    },
  };
}

async function readRows(client: pg.Client | undefined, from: number): Promise<number> {
  const select = `select seq, hub, ctr, replica, dot, op from bench_op
    where tenant_id = $1 and seq > $2 order by seq limit ${pageOps}`;
  let count = 0;
  for (let after = from; ;) {
    const values = ["read", after];
    const result = await client?.query<{ seq: string }>({ name: "select", text: select, values });
    const last = result?.rows.at(-1);
    if (last === undefined) return count;
    count += result?.rows.length ?? 0;
    after = Number(last.seq);
  }
}
