import type { DescMessage } from "@bufbuild/protobuf";
import { fromBinary, getOption, toBinary } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { isReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { sensitive } from "@foedus/gen/foedus/options/v1/options_pb.js";

/** A message serialized anew without any field that must stay at home, however deep. */
export function withoutSensitive(schema: DescMessage, bytes: Uint8Array): Uint8Array {
  const message = fromBinary(schema, bytes, { readUnknownFields: false });
  strip(reflect(schema, message));
  return toBinary(schema, message);
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
