import { base64Encode } from "@bufbuild/protobuf/wire";
import { payloadOf } from "../../parts/fact.ts";
import type { Row } from "./log.ts";
import type { Names } from "./narrow.ts";

/** The rows as `foedus event replay --output json` prints them: one object a line, oldest first. */
export function ndjsonOf(rows: readonly Row[], names: Names): string {
  return rows.map((row) => `${JSON.stringify(jsonOf(row, names))}\n`).join("");
}

function jsonOf(row: Row, names: Names): object {
  if (row.case === "gap") {
    const { from, cursor, reason } = row;
    return { kind: "gap", fromCursor: String(from), toCursor: String(cursor), reason };
  }
  const { event, receivedMs, cursor } = row.fact;
  const { type, source, subject, stream } = event;
  const payload = payloadOf(row.fact);
  return {
    kind: "event",
    cursor: String(cursor),
    receivedMs: String(receivedMs),
    name: names.get(source) ?? (/\/hub\/[^/]+$/u.test(source) ? "hub" : source),
    type,
    source,
    subject,
    timeMs: String(event.timeMs),
    stream,
    epoch: String(event.epoch),
    sequence: String(event.sequence),
    payload: payload.known ? payload.json : null,
    ...(payload.known ? {} : { payloadBytes: base64Encode(event.payload) }),
  };
}
