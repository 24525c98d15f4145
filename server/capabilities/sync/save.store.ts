import { create, toBinary } from "@bufbuild/protobuf";
import { MarkSchema, type Mark } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { utcDay } from "@foedus/kernel/time.ts";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { writeCell } from "./cell.ts";
import { vectorBytes, type Head } from "./head.store.ts";
import { runsOf } from "./run.ts";
import type { ChangedCell, Changes } from "./shelf.ts";
import { arrayOf, namesOf, Slicer } from "./slices.ts";

/** How many cells one statement writes. */
export const cellsMax = 4_096;

/**
 * Writes what a commit changed, in one statement, once it is called. Cells that were not there are
 * inserted without a look for them: the head is locked, so they are not there still.
 */
export function savingOf(
  tx: TenantTx,
  { id }: Head,
  changes: Changes,
  nowMs: number,
): () => Promise<void> {
  const { cells } = changes;
  const saving = savingFirst(tx, id, changes, nowMs);
  return async () => {
    for (let from = cellsMax; from < cells.length; from += cellsMax) {
      await saveCells(tx, id, columnsOfCells(cells.slice(from, from + cellsMax)));
    }
    await saving.execute(tx.sql);
  };
}

function savingFirst({ tenant }: TenantTx, id: number, changes: Changes, nowMs: number) {
  const [runs, marks] = [columnsOfRuns(changes), columnsOfMarks(changes)];
  const cells = columnsOfCells(changes.cells.slice(0, cellsMax));
  const { head, digest, vector, conflicts } = changes;
  return sql`/*sync.save*/
    with runs as (
      insert into sync_log (tenant_id, stream_id, seq, first_seq, day, stored_ms, hub, ctr, body)
      select ${tenant}, ${id}::int, u.seq, u.first, ${utcDay(nowMs)}::date, ${nowMs}::bigint,
             u.hub, u.ctr, substring(${runs.bodies.bytes}::bytea from u.o for u.l)
      from unnest(${runs.seqs}::bigint[], ${runs.firsts}::bigint[], ${runs.hubs}::text[],
                  ${runs.ctrs}::bigint[], ${runs.bodies.offsets}::int[],
                  ${runs.bodies.lengths}::int[]) as u (seq, first, hub, ctr, o, l)
    ), marks as (
      insert into sync_mark (tenant_id, stream_id, replica, ctr, written_seq, needed_ms, refused)
      select ${tenant}, ${id}::int, u.replica, u.ctr, u.seq, ${nowMs}::bigint, u.refused
      from unnest(${marks.replicas}::text[], ${marks.ctrs}::bigint[], ${marks.seqs}::bigint[],
                  ${marks.refused}::bytea[]) as u (replica, ctr, seq, refused)
      on conflict (tenant_id, stream_id, replica) do update set ctr = excluded.ctr,
        written_seq = excluded.written_seq, needed_ms = excluded.needed_ms,
        refused = excluded.refused
    ), ${withCells(tenant, id, cells)}
    update sync_stream s set head = ${head}, vector = ${vectorBytes(vector)},
      cells = ${digest.cells}, digest = ${digest.sum}, conflicts = ${conflicts},
      written_ms = ${nowMs}
    where s.tenant_id = ${tenant} and s.stream_id = ${id}`;
}

/** A snapshot's cells are more than one statement should take. */
async function saveCells(tx: TenantTx, id: number, cells: CellColumns): Promise<void> {
  await sql`/*sync.refill*/ with ${withCells(tx.tenant, id, cells)} select`.execute(tx.sql);
}

function withCells(tenant: TenantId, id: number, cells: CellColumns) {
  const { names, bodies, siblings, fresh, gone } = cells;
  return sql`
    cell as materialized (
      select substring(${names.bytes}::bytea from u.no for u.nl) as name, u.siblings,
             substring(${bodies.bytes}::bytea from u.o for u.l) as body, u.fresh
      from unnest(${names.offsets}::int[], ${names.lengths}::int[], ${siblings}::smallint[],
                  ${bodies.offsets}::int[], ${bodies.lengths}::int[], ${fresh}::boolean[])
        as u (no, nl, siblings, o, l, fresh)
    ), made as (
      insert into sync_cell (tenant_id, stream_id, name, siblings, body)
      select ${tenant}, ${id}::int, name, siblings, body from cell where fresh
    ), changed as (
      insert into sync_cell (tenant_id, stream_id, name, siblings, body)
      select ${tenant}, ${id}::int, name, siblings, body from cell where not fresh
      on conflict (tenant_id, stream_id, name) do update set siblings = excluded.siblings,
        body = excluded.body
    ), emptied as (
      delete from sync_cell where tenant_id = ${tenant} and stream_id = ${id}
        and name = any(select substring(${gone.bytes}::bytea from u.o for u.l)
          from unnest(${gone.offsets}::int[], ${gone.lengths}::int[]) as u (o, l))
    )`;
}

function columnsOfRuns({ appended }: Changes) {
  const runs = runsOf(appended);
  const slicer = new Slicer();
  for (const { body } of runs) {
    slicer.raw(body);
    slicer.cut();
  }
  return {
    bodies: slicer.slices(),
    seqs: arrayOf(runs.map(({ seq }) => seq)),
    firsts: arrayOf(runs.map(({ firstSeq }) => firstSeq)),
    hubs: runs.map(({ hub }) => hub),
    ctrs: arrayOf(runs.map(({ ctr }) => ctr)),
  };
}

function columnsOfMarks({ marks, writtenAt }: Changes) {
  return {
    replicas: marks.map(({ replica }) => replica),
    ctrs: arrayOf(marks.map(({ ctr }) => ctr)),
    seqs: arrayOf(marks.map(({ replica }) => writtenAt.get(replica) ?? 0)),
    refused: marks.map(refusedOf),
  };
}

function refusedOf({ refused }: Mark): Buffer | null {
  if (refused.length === 0) return null;
  return Buffer.from(toBinary(MarkSchema, create(MarkSchema, { refused })));
}

type CellColumns = ReturnType<typeof columnsOfCells>;

function columnsOfCells(changed: readonly ChangedCell[]) {
  const [kept, gone]: [string[], string[]] = [[], []];
  const bodies = new Slicer();
  const siblings: number[] = [];
  const fresh: boolean[] = [];
  for (const { key, cell, wasThere } of changed) {
    if (cell === undefined) {
      if (wasThere) gone.push(key);
      continue;
    }
    kept.push(key);
    siblings.push(cell.siblings.length);
    fresh.push(!wasThere);
    writeCell(bodies, cell);
  }
  return {
    names: namesOf(kept),
    bodies: bodies.slices(),
    siblings: arrayOf(siblings),
    fresh: `{${fresh.join()}}`,
    gone: namesOf(gone),
  };
}
