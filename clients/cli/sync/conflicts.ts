import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  CollectionService,
  ListConflictsResponseSchema,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import {
  ConflictSchema,
  type Conflict,
  type Contender,
} from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { dotIn } from "@foedus/kernel/sync/cell.ts";
import { dotKey } from "@foedus/kernel/sync/dot.ts";
import { opOf } from "@foedus/kernel/sync/op.ts";
import { streamText } from "@foedus/kernel/sync/stream.ts";
import { utcText } from "@foedus/kernel/time.ts";
import type { CliContext } from "../context.ts";
import type { HubClient } from "../hub-client.ts";
import { allPages } from "../pages.ts";
import { dim, good, strong, unknown, type Piece } from "../paint.ts";
import { agoText } from "../words/span.ts";
import { kindText, nameText, valueText } from "./words.ts";

/** One field of one record. */
export interface Where {
  readonly stream: Stream;
  readonly record: string;
  readonly field: string;
}

const listHead = ["STREAM", "RECORD", "FIELD", "VALUES", "SHOWN", "BY", "WRITTEN"];

/** The fields that hold concurrent values. */
export async function listConflicts(context: CliContext, stream?: Stream): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const client = hub.as(CollectionService);
  const wanted = stream === undefined ? {} : { stream };
  const conflicts = await allPages(
    (page) => client.listConflicts({ ...wanted, page }, hub.call),
    (page) => page.conflicts,
  );
  const answer = create(ListConflictsResponseSchema, { conflicts });
  await print.answer(ListConflictsResponseSchema, answer, async () => {
    if (conflicts.length === 0) {
      print.line("No field holds concurrent values.");
      return;
    }
    await print.table(
      listHead,
      conflicts.map((conflict) => rowOf(conflict, hub.nowMs())),
    );
    print.note(dim("What one of them holds: foedus sync conflicts explain STREAM RECORD FIELD"));
  });
}

function rowOf({ stream, name, contenders }: Conflict, nowMs: number): Piece[] {
  const [first] = contenders;
  return [
    stream === undefined ? unknown : streamText(stream),
    strong(name?.record ?? ""),
    name?.field ?? "",
    String(contenders.length),
    ...(first === undefined ? [] : [valueOf(first), authorOf(first), writtenText(first, nowMs)]),
  ];
}

function writtenText({ writeTime }: Contender, nowMs: number): Piece {
  return writeTime === undefined ? unknown : agoText(timestampMs(writeTime), nowMs);
}

/** The conflict of one field. @throws Fault NOT_FOUND when it has none */
export async function findConflict(hub: HubClient, where: Where): Promise<Conflict> {
  const { stream, record, field } = where;
  const request = { stream, name: { record, field } };
  const { conflicts } = await hub.as(CollectionService).listConflicts(request, hub.call);
  const [found] = conflicts;
  if (found !== undefined) return found;
  const object = `conflict in ${nameText(where)} of ${streamText(stream)}`;
  throw new Fault(Reason.NOT_FOUND, { object });
}

const head = ["OP", "BY", "WRITTEN", "SHOWN", "VALUE"];

/** All values of a field that has a conflict, and why one of them is shown. */
export async function explainConflict(context: CliContext, where: Where): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const conflict = await findConflict(hub, where);
  await print.answer(ConflictSchema, conflict, async () => {
    await print.pairs([
      ["Stream", streamText(where.stream)],
      ["Record", strong(where.record)],
      ["Field", where.field === "" ? dim("the record itself") : strong(where.field)],
      ["Kind", kindText(conflict.kind)],
    ]);
    print.line(conflict.why);
    print.line("");
    await print.table(head, conflict.contenders.map(contenderRow));
    print.note(dim(`To keep one: ${keepCommand(where)}`));
  });
}

function contenderRow(contender: Contender): Piece[] {
  const { writeTime, shown } = contender;
  return [
    dotText(contender),
    authorOf(contender),
    writeTime === undefined ? unknown : utcText(timestampMs(writeTime)),
    shown ? good("yes") : dim("no"),
    valueOf(contender),
  ];
}

function keepCommand({ stream, record, field }: Where): string {
  const words = [streamText(stream), record, field].map(quoted).join(" ");
  return `foedus sync conflicts resolve ${words} --keep OP`;
}

const plainWord = /^[\w@:/.,+-]+$/u;

/** As a shell reads it back. */
function quoted(word: string): string {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The name of the op that wrote a value. */
export function dotText({ sibling }: Contender): string {
  return sibling === undefined ? "" : dotKey(dotIn(sibling));
}

function authorOf({ author, authorId }: Contender): Piece {
  const name = author || authorId;
  return name === "" ? unknown : name;
}

function valueOf({ sibling }: Contender): Piece {
  return sibling === undefined ? unknown : valueText(opOf(sibling.op).body);
}
