import type { JsonObject } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import type { Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { Heard, HeardEvent } from "@foedus/sdk/event/heard.ts";
import { bad, dim, strong, warn, type Piece } from "../paint.ts";
import { clockText } from "../words/clock.ts";
import { payloadJson, payloadLine } from "./payload.ts";
import { sentenceOf } from "./sentence.ts";

const nameWidth = 12;
const typeWidth = 20;
const textMax = 400;

/** One thing heard, as a line for people; none for the head of the log. */
export function heardLine(heard: Heard, name: string): Piece[] | undefined {
  if (heard.kind === "head") return undefined;
  if (heard.kind === "gap") {
    const { fromCursor, toCursor, reason } = heard;
    return [warn(`gap: #${fromCursor} to #${toCursor} are missing: ${reason}`)];
  }
  if (heard.kind === "forgery") {
    return [bad(`#${heard.cursor} is NOT PROVED: ${heard.problem}; do not act on it`)];
  }
  return eventLine(heard, name);
}

function eventLine({ cursor, event }: HeardEvent, name: string): Piece[] {
  const text = sentenceOf(event) ?? fieldByField(event);
  const shown = text.length > textMax ? `${text.slice(0, textMax)}…` : text;
  return [
    dim(`#${cursor}`.padEnd(7)),
    dim(` ${clockText(Number(event.timeMs))}  `),
    strong(name.padEnd(nameWidth)),
    ` ${event.type.padEnd(typeWidth)} ${shown}`,
  ];
}

function fieldByField(event: Event): string {
  const about = event.subject === "" ? "" : `about ${event.subject}: `;
  return `${about}${payloadLine(event)}`;
}

/** One thing heard, as JSON for programs. */
export function heardJson(heard: Heard, name: string): JsonObject {
  if (heard.kind === "head") return { kind: "head", cursor: String(heard.cursor) };
  if (heard.kind === "gap") {
    const { fromCursor, toCursor, reason } = heard;
    return { kind: "gap", fromCursor: String(fromCursor), toCursor: String(toCursor), reason };
  }
  const { cursor } = heard;
  if (heard.kind === "forgery") {
    return { kind: "forgery", cursor: String(cursor), problem: heard.problem };
  }
  const receivedMs = String(heard.receivedMs);
  return { kind: "event", cursor: String(cursor), receivedMs, name, ...eventJson(heard.event) };
}

/** An event with its payload decoded; as base64 where its family is unknown here. */
export function eventJson(event: Event): JsonObject {
  const { type, source, subject, stream } = event;
  const payload = payloadJson(event);
  return {
    type,
    source,
    subject,
    timeMs: String(event.timeMs),
    stream,
    epoch: String(event.epoch),
    sequence: String(event.sequence),
    payload: payload ?? null,
    ...(payload === undefined ? { payloadBytes: base64Encode(event.payload) } : {}),
  };
}
