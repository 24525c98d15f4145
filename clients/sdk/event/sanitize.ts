import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { clone, getOption } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { isReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { sensitive } from "@foedus/gen/foedus/options/v1/options_pb.js";

/**
 * A copy without any field that the schema marks sensitive, however deep: such fields never leave.
 * Where the message has a `sanitized` flag, it says so.
 */
export function sanitized<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
): MessageShape<Schema> {
  const copy = clone(schema, message);
  const open = reflect(schema, copy);
  strip(open);
  const flag = open.fields.find((field) => field.name === "sanitized");
  if (flag?.fieldKind === "scalar") open.set(flag, true);
  return copy;
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
