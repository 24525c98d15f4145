import { readFile } from "node:fs/promises";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  CollectionService,
  ResolveConflictResponseSchema,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Dot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Contender } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { utf8 } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { dotIn } from "@foedus/kernel/sync/cell.ts";
import { opOf } from "@foedus/kernel/sync/op.ts";
import { streamText } from "@foedus/kernel/sync/stream.ts";
import type { CliContext } from "../context.ts";
import { strong } from "../paint.ts";
import { findConflict, type Where } from "./conflicts.ts";
import { nameText, valueText } from "./words.ts";

/** What to put in place of all values; exactly one of them. */
export interface ResolveOptions {
  readonly keep?: Pick<Dot, "replica" | "ctr">;
  readonly value?: string;
  readonly file?: string;
}

/** Puts one value in place of all that are there now. */
export async function resolveConflict(
  context: CliContext,
  where: Where,
  options: ResolveOptions,
): Promise<void> {
  const { print } = context;
  demandOne(options);
  const hub = await context.hub();
  const { stream, record, field } = where;
  const { contenders } = await findConflict(hub, where);
  const value = await valueOf(options, contenders);
  const seen = contenders.flatMap(({ sibling }) => (sibling === undefined ? [] : [dotIn(sibling)]));
  const requestId = context.newRequestId();
  const request = { requestId, stream, name: { record, field }, value, seen };
  const answer = await hub.as(CollectionService).resolveConflict(request, hub.call);
  await print.answer(ResolveConflictResponseSchema, answer, () => {
    const [sibling] = answer.cell?.siblings ?? [];
    const held = sibling === undefined ? "nothing" : valueText(opOf(sibling.op).body);
    const what = `of ${streamText(stream)} holds one value instead of ${seen.length}: `;
    print.line(strong(nameText(where)), ` ${what}`, held);
  });
}

type Value =
  | { case: "keep"; value: Pick<Dot, "replica" | "ctr"> }
  | { case: "body"; value: Uint8Array };

function demandOne({ keep, value, file }: ResolveOptions): void {
  const given = [keep, value, file].filter((each) => each !== undefined).length;
  if (given === 1) return;
  const problem = `one of --keep, --value and --file is needed, and ${given} are given`;
  throw new Fault(Reason.COMMAND_INVALID, { problem, command: "foedus sync conflicts resolve" });
}

async function valueOf(
  { keep, value, file }: ResolveOptions,
  contenders: readonly Contender[],
): Promise<Value> {
  if (keep !== undefined) return { case: "keep", value: keep };
  if (value === undefined) return { case: "body", value: await bytesOf(file ?? "") };
  return { case: "body", value: utf8(contenders.every(isJson) ? asJson(value) : value) };
}

/** Whoever reads JSON would stumble over bare words: they become a string of it. */
function asJson(text: string): string {
  return jsonIn(text) ? text : JSON.stringify(text);
}

function isJson({ sibling }: Contender): boolean {
  if (sibling === undefined) return false;
  return jsonIn(new TextDecoder().decode(opOf(sibling.op).body));
}

function jsonIn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const bodyBytesMax = 65_536;

async function bytesOf(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(Reason.FILE_UNUSABLE, { file, done: "read", detail }, { cause });
  });
  if (bytes.length <= bodyBytesMax) return new Uint8Array(bytes);
  const detail = `it holds ${bytes.length} bytes, and a value has at most ${bodyBytesMax}`;
  throw new Fault(Reason.FILE_UNUSABLE, { file, done: "taken", detail });
}
