import { create, isMessage } from "@bufbuild/protobuf";
import { PayloadSchema, type Payload } from "@foedus/gen/foedus/task/v1/task_pb.js";

/** What a payload holds at most, of a task or its result. */
export const payloadBytesMax = 262_144;

const jsonType = "application/json";
const bytesType = "application/octet-stream";

/** Bytes as they are, nothing as nothing, all else as JSON; throws at what JSON cannot say. */
export function toPayload(value: unknown): Payload {
  if (isMessage(value, PayloadSchema)) return value;
  if (value === undefined) return create(PayloadSchema);
  if (value instanceof Uint8Array) {
    return create(PayloadSchema, { contentType: bytesType, body: value.slice() });
  }
  const text: unknown = JSON.stringify(value);
  if (typeof text !== "string") throw new TypeError(`JSON has no word for a ${typeof value}`);
  return create(PayloadSchema, { contentType: jsonType, body: new TextEncoder().encode(text) });
}

/** What a payload says as JSON; undefined for one that is empty. Throws when it is none. */
export function jsonOf(body: Uint8Array): unknown {
  if (body.length === 0) return undefined;
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
}
