import type { JsonValue } from "@bufbuild/protobuf";
import { toJson } from "@bufbuild/protobuf";
import type { Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { anyPayloadOf } from "@foedus/sdk/event/families.ts";

/** What an event says, as JSON; undefined for a family this program does not know. */
export function payloadJson(event: Event): JsonValue | undefined {
  const payload = anyPayloadOf(event);
  return payload === undefined ? undefined : toJson(payload.schema, payload.message);
}

/** What an event says, on the rest of a line. */
export function payloadLine(event: Event): string {
  const json = payloadJson(event);
  if (json === undefined) return `${event.payload.length} bytes of a family unknown here`;
  return isObject(json) ? fields(json).join(" ") : brief(json);
}

function fields(json: { readonly [key: string]: JsonValue }): string[] {
  return Object.entries(json).map(([name, value]) => `${name}=${brief(value)}`);
}

function brief(value: JsonValue): string {
  if (typeof value === "string") return /[\s=]/.test(value) ? JSON.stringify(value) : value;
  if (Array.isArray(value)) return `[${value.length}]`;
  if (isObject(value)) return `{${fields(value).join(" ")}}`;
  return String(value);
}

function isObject(value: JsonValue): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
