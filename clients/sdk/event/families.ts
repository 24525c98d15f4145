import type { DescMessage, Message, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create, fromBinary, getOption, hasOption, toBinary } from "@bufbuild/protobuf";
import type { Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { files } from "@foedus/gen/foedus/files.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { family } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { sanitised } from "@foedus/kernel/sanitise.ts";
import { FoedusError } from "../error.ts";

const schemas: ReadonlyMap<string, DescMessage> = new Map(
  files
    .flatMap((file) => file.messages)
    .filter((schema) => hasOption(schema, family))
    .map((schema) => [getOption(schema, family).type, schema]),
);

const payloadBytesMax = 262_144;

/** What a payload is, ready to be put into an event. */
export interface Prepared {
  readonly type: string;
  readonly payload: Uint8Array;
}

/**
 * Sanitises and serializes a payload.
 *
 * @throws FoedusError NOT_A_FAMILY, LIMIT_EXCEEDED
 */
export function prepare<Schema extends DescMessage>(
  schema: Schema,
  init: MessageInitShape<Schema>,
): Prepared {
  const refuse = (detail: string) => {
    return new FoedusError(Reason.NOT_A_FAMILY, { message: schema.typeName, detail });
  };
  if (!hasOption(schema, family)) throw refuse("it has no family option");
  const { type, hubOnly } = getOption(schema, family);
  if (hubOnly) throw refuse("only the hub tells it");
  const payload = toBinary(schema, sanitised(schema, create(schema, init)));
  if (payload.length > payloadBytesMax) {
    const what = `a payload of ${payload.length} bytes`;
    throw new FoedusError(Reason.LIMIT_EXCEEDED, { what, limit: payloadBytesMax });
  }
  return { type, payload };
}

/** The payload of an event; undefined when it is of another family, or cannot be read. */
export function payloadOf<Schema extends DescMessage>(
  event: Event,
  schema: Schema,
): MessageShape<Schema> | undefined {
  if (event.type !== getOption(schema, family).type) return undefined;
  try {
    return fromBinary(schema, event.payload);
  } catch {
    return undefined;
  }
}

/** The payload of any family this program knows, with its schema. */
export function anyPayloadOf(
  event: Event,
): { readonly schema: DescMessage; readonly message: Message } | undefined {
  const schema = schemas.get(event.type);
  const message = schema === undefined ? undefined : payloadOf(event, schema);
  return schema === undefined || message === undefined ? undefined : { schema, message };
}

/** The schema of a family by its type, e.g. "telemetry_sync"; undefined when unknown. */
export function familySchema(type: string): DescMessage | undefined {
  return schemas.get(type);
}
