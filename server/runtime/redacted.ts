import type { DescMessage, JsonValue, MessageShape } from "@bufbuild/protobuf";
import { toJson } from "@bufbuild/protobuf";
import { sanitised } from "@foedus/kernel/sanitise.ts";

/** A message as a log may hold it: as if it left the hub. */
export function redacted<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
): JsonValue {
  return toJson(schema, sanitised(schema, message));
}
