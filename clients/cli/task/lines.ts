import { create, fromJson, toBinary, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import {
  PayloadSchema,
  TaskSpecSchema,
  type TaskSpec,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { utf8 } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { completeSpec } from "@foedus/kernel/task/spec.ts";
import { counted } from "../words/plural.ts";
import { payloadBytesMax } from "./payload.ts";

/** A task of a file, and the line it stands in. */
export interface Line {
  readonly line: number;
  /** Its place among the tasks of the file, from 0. */
  readonly at: number;
  readonly spec: TaskSpec;
}

/** What is wrong with a line. */
export interface Mistake {
  readonly line: number;
  readonly problem: string;
}

/** What a file holds, as far as it can be read. */
export interface Lines {
  readonly lines: readonly Line[];
  readonly mistakes: readonly Mistake[];
}

/** Reads one task a line; `defaults` are what lines do not say. Empty ones count for nothing. */
export function readLines(text: string, defaults: JsonObject, nowMs: number): Lines {
  const lines: Line[] = [];
  const mistakes: Mistake[] = [];
  let count = 0;
  for (const [index, one] of text.split(/\r?\n/u).entries()) {
    if (one.trim() === "") continue;
    const [line, at] = [index + 1, count];
    count += 1;
    try {
      lines.push({ line, at, spec: specIn(one, defaults, nowMs) });
    } catch (error) {
      mistakes.push({ line, problem: problemIn(error) });
    }
  }
  const all = [...mistakes, ...misplaced(lines, count)];
  return { lines, mistakes: all.toSorted((one, other) => one.line - other.line) };
}

function problemIn(error: unknown): string {
  if (error instanceof Fault) return error.facts.detail ?? error.message;
  const { message } = error instanceof Error ? error : new Error(String(error));
  const [, field, rest] = inSchema.exec(message) ?? [];
  if (rest === undefined) return message;
  return field === undefined ? rest : `${field}: ${rest}`;
}

/** How a message's fields are told to programmers. */
const inSchema =
  /^cannot decode (?:message|field) foedus\.task\.v1\.\w+(?:\.(\w+))? from JSON: (.*)$/u;

function specIn(text: string, defaults: JsonObject, nowMs: number): TaskSpec {
  const said = objectIn(text);
  const { json, text: words, ...rest } = said;
  const given = [json, words, rest["payload"]].filter((each) => each !== undefined);
  if (given.length > 1) throw new Error("json, text and payload all say the payload: keep one");
  if (words !== undefined && typeof words !== "string") throw new Error("text is no string");
  const spec = fromJson(TaskSpecSchema, { ...defaults, ...rest });
  if (json !== undefined) spec.payload = payload(JSON.stringify(json), "application/json");
  if (words !== undefined) spec.payload = payload(words, "text/plain");
  check(spec);
  completeSpec(spec, undefined, nowMs);
  return spec;
}

function objectIn(text: string): JsonObject {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`it is no JSON: ${detail}`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error('it is no object such as {"kind":"scan"}');
  }
  return value;
}

function payload(text: string, contentType: string) {
  return create(PayloadSchema, { contentType, body: utf8(text) });
}

const slug = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/u;
const kindMax = 120;
const priorityMax = 10;

/** What the hub would refuse too, but without naming the line. */
function check({ queue, kind, priority, payload: given }: TaskSpec): void {
  if (queue === "") throw new Error("it names no queue, and neither does the command");
  if (!slug.test(queue)) throw new Error(`${queue} is no queue: up to 63 of a-z, 0-9 and hyphens`);
  if (kind === "") throw new Error("it names no kind, and neither does the command");
  if (kind.length > kindMax) throw new Error(`kind is longer than ${kindMax}`);
  if (priority > priorityMax) throw new Error("priority is 1 to 10");
  if ((given?.body.length ?? 0) <= payloadBytesMax) return;
  throw new Error(`the payload is larger than ${payloadBytesMax} bytes`);
}

const place = /^#(\d+)$/u;

/** Tasks that wait for themselves or for what the file does not hold. */
function misplaced(lines: readonly Line[], count: number): Mistake[] {
  return lines.flatMap(({ line, at, spec }) => {
    const wrong = placesOf(spec).find((each) => each === at || each >= count);
    if (wrong === undefined) return [];
    const which = `the file has ${counted(count, "task")}, the first is #0`;
    const problem =
      wrong === at ? `it waits for itself (#${wrong})` : `it waits for #${wrong}: ${which}`;
    return [{ line, problem }];
  });
}

function placesOf({ dependsOn }: TaskSpec): number[] {
  return dependsOn.flatMap((each) => {
    const [, digits] = place.exec(each) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
}

const batchTasksMax = 1_000;
/** Well below what a hub takes at once. */
const batchBytesMax = 768 * 1024;

/** The lines in parts that a hub takes as one. */
export function partsOf(lines: readonly Line[]): Line[][] {
  const parts: Line[][] = [];
  let bytes = Infinity;
  for (const each of lines) {
    const own = toBinary(TaskSpecSchema, each.spec).length;
    const last = parts.at(-1);
    if (last === undefined || last.length >= batchTasksMax || bytes + own > batchBytesMax) {
      parts.push([each]);
      bytes = own;
    } else {
      last.push(each);
      bytes += own;
    }
  }
  return parts;
}

/**
 * A part as the hub reads it: places of the file become places of the part, or the ids of what was
 * submitted before it. @throws Error for a task that waits for one of a later part.
 */
export function placed(part: readonly Line[], from: number, ids: readonly string[]): TaskSpec[] {
  return part.map(({ line, spec }) => {
    const dependsOn = spec.dependsOn.map((each) => {
      const [, digits] = place.exec(each) ?? [];
      if (digits === undefined) return each;
      const at = Number(digits);
      if (at >= from + part.length) throw new LaterLine(line, at);
      return at < from ? (ids[at] ?? each) : `#${at - from}`;
    });
    return create(TaskSpecSchema, { ...spec, dependsOn });
  });
}

/** A task that waits for one which is submitted after it. */
export class LaterLine extends Error {
  readonly line: number;

  constructor(line: number, at: number) {
    super(`it waits for #${at}, which comes in a later thousand: put that one further up`);
    this.line = line;
  }
}
