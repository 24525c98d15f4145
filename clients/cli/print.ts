import type { DescMessage, JsonValue, MessageShape } from "@bufbuild/protobuf";
import { toJson } from "@bufbuild/protobuf";
import type { Piece } from "./paint.ts";
import { paintWith } from "./paint.ts";
import { harmlessJson } from "./words/harmless.ts";

/** Whom the output is for. */
export type Output = "text" | "json";

/** Where lines go: standard output or standard error. */
export interface Sink {
  write(text: string | Uint8Array): void;
  readonly colour: boolean;
  /** Whether somebody looks at it: then no byte of another's may get there as it is. */
  readonly isTerminal?: boolean | undefined;
}

/** Everything a command says. Answers go to standard output, all else to standard error. */
export interface Print {
  readonly output: Output;
  /** A line of the answer, for people. */
  line(...pieces: readonly Piece[]): void;
  /** Columns under headings, for people. */
  table(head: readonly string[], rows: readonly (readonly Piece[])[]): Promise<void>;
  /** Names and what stands for them, for people. */
  pairs(pairs: readonly (readonly [string, Piece])[]): Promise<void>;
  /** Bytes as they are, into a file or another program; on a terminal as lines of text. */
  bytes(body: Uint8Array): void;
  /** One line of JSON, for programs. */
  json(value: JsonValue): void;
  /** A message as JSON for programs, with every field, or else what `text` prints for people. */
  answer<Schema extends DescMessage>(
    schema: Schema,
    message: MessageShape<Schema>,
    text: () => void | Promise<void>,
  ): Promise<void>;
  /** One line of JSON on standard error: why there is no answer. */
  errorJson(value: JsonValue): void;
  /** Progress and remarks; a program may throw them away. */
  note(...pieces: readonly Piece[]): void;
}

/** Prints to the given places. */
export function printTo(output: Output, out: Sink, errors: Sink): Print {
  const paint = paintWith(out.colour);
  const paintNote = paintWith(errors.colour);
  const put = (lines: readonly string[]) => out.write(lines.map((line) => `${line}\n`).join(""));
  const json = (value: JsonValue) => put([harmlessJson(JSON.stringify(value))]);
  return {
    output,
    line: (...pieces) => put([paint(...pieces)]),
    table: async (head, rows) => put((await table()).tableLines(paint, head, rows)),
    pairs: async (pairs) => put((await table()).pairLines(paint, pairs)),
    bytes: (body) => {
      if (!out.isTerminal) return out.write(body);
      const text = new TextDecoder().decode(body).replace(/\n$/, "");
      put(text.split("\n").map((line) => paint(line)));
    },
    json,
    async answer(schema, message, text) {
      if (output === "json") json(jsonOf(schema, message));
      else await text();
    },
    errorJson: (value) => errors.write(`${harmlessJson(JSON.stringify(value))}\n`),
    note: (...pieces) => errors.write(`${paintNote(...pieces)}\n`),
  };
}

/** A message as programs read it: every field is there, and large numbers are text. */
export function jsonOf<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
): JsonValue {
  return toJson(schema, message, { alwaysEmitImplicit: true });
}

/** Loaded when there is something to align. */
const table = () => import("./table.ts");
