import type { JsonValue } from "@bufbuild/protobuf";
import type { Payload } from "../../parts/families.ts";
import { clip, countText } from "../../parts/measure.ts";

const jsonMax = 20_000;

/** The payload as the message it is, or its bytes where nobody here knows the family. */
export function PayloadView({ payload }: { payload: Payload }) {
  if (!payload.known) {
    return (
      <div>
        <p className="mb-1 text-xs text-muted">
          {countText(payload.length)} bytes: {payload.why}
        </p>
        <pre className={shape}>{payload.hex || "no bytes"}</pre>
      </div>
    );
  }
  return (
    <div>
      <p className="mb-1 font-mono text-2xs text-muted">{payload.of}</p>
      <pre className={shape} dir="auto" tabIndex={0}>
        {clip(JSON.stringify(payload.json, null, 2), jsonMax)}
      </pre>
    </div>
  );
}

const shape =
  "scrolls max-h-72 rounded-lg border border-line bg-sunken p-3 font-mono text-xs break-all " +
  "whitespace-pre-wrap";

/** A payload in one line: names and values, as far as they fit. */
export function lineOf(payload: Payload): string {
  if (!payload.known) return `${countText(payload.length)} bytes, ${payload.why}`;
  const { json } = payload;
  if (json === null || typeof json !== "object" || Array.isArray(json)) return textOf(json);
  const parts = Object.entries(json).map(([name, value]) => `${name} ${textOf(value)}`);
  return clip(parts.join(" · "), 400) || "no fields set";
}

function textOf(value: JsonValue): string {
  if (Array.isArray(value))
    return value.length === 1 ? textOf(value[0] ?? null) : `[${value.length}]`;
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  if (value === null || typeof value !== "object") return clip(String(value), 80);
  return clip(Object.values(value).map(textOf).join(" "), 80);
}
