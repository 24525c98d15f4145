import type { DescMessage, JsonValue, MessageShape } from "@bufbuild/protobuf";
import { clone, getOption, toJson } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { isReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { sensitive } from "@foedus/gen/foedus/options/v1/options_pb.js";

/** A message as a log may hold it: without any `sensitive` field, however deep. */
export function redacted<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
): JsonValue {
  const open = clone(schema, message);
  strip(reflect(schema, open));
  return toJson(schema, open);
}

function strip(message: ReflectMessage): void {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    if (getOption(field, sensitive)) message.clear(field);
    else if (field.fieldKind === "message") strip(message.get(field));
    else if (field.fieldKind === "list") stripEach(message.get(field));
    else if (field.fieldKind === "map") stripEach(message.get(field).values());
  }
}

function stripEach(items: Iterable<unknown>): void {
  for (const item of items) if (isReflectMessage(item)) strip(item);
}
