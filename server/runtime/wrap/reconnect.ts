import type { DescMessage, Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";

/** The `reconnect` item of a stream's answers; undefined when they have none. */
export function reconnectItem(schema: DescMessage, afterMs: number): Message | undefined {
  const field = schema.fields.find((one) => one.name === "reconnect" && one.oneof !== undefined);
  if (field?.fieldKind !== "message") return undefined;
  const after = field.message.fields.find((one) => one.name === "after_ms");
  if (after === undefined) return undefined;
  const item = create(field.message);
  reflect(field.message, item).set(after, BigInt(afterMs));
  const answer = create(schema);
  reflect(schema, answer).set(field, reflect(field.message, item));
  return answer;
}
