import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";

/** A message as the `body` of a row: what SQL does not read is in here. */
export function toBody<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
): Buffer {
  return Buffer.from(toBinary(schema, message));
}

/** The message of a row's `body`. */
export function fromBody<Schema extends DescMessage>(
  schema: Schema,
  body: Uint8Array,
): MessageShape<Schema> {
  // Copied: bytes fields would otherwise be views that keep the driver's whole packet alive.
  return fromBinary(schema, new Uint8Array(body));
}
