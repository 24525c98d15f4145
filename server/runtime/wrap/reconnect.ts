import type { DescMessage, Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { DurationSchema, durationFromMs } from "@bufbuild/protobuf/wkt";

/** What a stream's answers end with when the hub stops; undefined when they have no word for it. */
export function partingOf(schema: DescMessage, afterMs: number): Message | undefined {
  return reconnectItem(schema, afterMs) ?? byeItem(schema, "the hub stops: open another session");
}

/** A `frame` with a `bye` of that reason. */
function byeItem(schema: DescMessage, reason: string): Message | undefined {
  const field = schema.fields.find((one) => one.name === "frame" && one.oneof !== undefined);
  if (field?.fieldKind !== "message") return undefined;
  const bye = field.message.fields.find((one) => one.name === "bye" && one.oneof !== undefined);
  if (bye?.fieldKind !== "message") return undefined;
  const why = bye.message.fields.find((one) => one.name === "reason");
  if (why === undefined) return undefined;
  const [said, frame, answer] = [create(bye.message), create(field.message), create(schema)];
  reflect(bye.message, said).set(why, reason);
  reflect(field.message, frame).set(bye, reflect(bye.message, said));
  reflect(schema, answer).set(field, reflect(field.message, frame));
  return answer;
}

/** The `reconnect` item of a stream's answers; undefined when they have none. */
function reconnectItem(schema: DescMessage, afterMs: number): Message | undefined {
  const field = schema.fields.find((one) => one.name === "reconnect" && one.oneof !== undefined);
  if (field?.fieldKind !== "message") return undefined;
  const item = afterItem(field.message, afterMs);
  if (item === undefined) return undefined;
  const answer = create(schema);
  reflect(schema, answer).set(field, reflect(field.message, item));
  return answer;
}

/** A span itself, or a message that has one as `after_ms`. */
function afterItem(schema: DescMessage, afterMs: number): Message | undefined {
  if (schema.typeName === DurationSchema.typeName) return durationFromMs(afterMs);
  const after = schema.fields.find((one) => one.name === "after_ms");
  if (after === undefined) return undefined;
  const item = create(schema);
  reflect(schema, item).set(after, BigInt(afterMs));
  return item;
}
