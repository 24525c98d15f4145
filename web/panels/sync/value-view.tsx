import { useState } from "react";
import { bytesText, clip } from "../../parts/measure.ts";
import { hexLines, shapeWord, type Value } from "./value.ts";

/** More than this is seen only by who asks for it. */
export const shownMax = 600;
const linesMax = 12;

/** Whether a value is too long to be seen whole at once. */
export function isClipped({ text }: Value): boolean {
  return text.length > shownMax || text.split("\n", linesMax + 1).length > linesMax;
}

interface ValueViewProps {
  readonly value: Value;
  readonly onSeen?: () => void;
}

/** A value as plain text, JSON or bytes; a long one is cut until somebody asks for all of it. */
export function ValueView({ value, onSeen }: ValueViewProps) {
  const [all, setAll] = useState(false);
  const [hex, setHex] = useState(false);
  const long = isClipped(value);
  const text = hex ? hexLines(value.bytes) : value.text;
  const shown = all ? text : clip(text.split("\n").slice(0, linesMax).join("\n"), shownMax);
  const isWritten = value.shape === "text" || value.shape === "json";
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <pre
        aria-label="Value"
        className="scrolls max-h-80 min-h-9 rounded-lg border border-line bg-sunken px-3 py-2 font-mono text-xs whitespace-pre-wrap wrap-anywhere"
        role="group"
        tabIndex={0}
      >
        {value.shape === "nothing" ? (
          <span className="text-muted italic">nothing: a value of no bytes</span>
        ) : (
          <bdi dir="auto">{shown}</bdi>
        )}
      </pre>
      <div className="flex flex-wrap items-center gap-x-3 text-2xs text-muted">
        <span className="figures">
          {hex ? "hex" : shapeWord(value.shape)}, {bytesText(value.bytes.length)}
          {long && !all && ", cut"}
        </span>
        {isWritten && (
          <button className={link} onClick={() => setHex(!hex)} type="button">
            {hex ? `As ${shapeWord(value.shape)}` : "As hex"}
          </button>
        )}
        {long && (
          <button
            aria-expanded={all}
            className={link}
            onClick={() => {
              setAll(!all);
              onSeen?.();
            }}
            type="button"
          >
            {all ? "Show less" : `Show all ${bytesText(value.bytes.length)}`}
          </button>
        )}
      </div>
    </div>
  );
}

const link = "min-h-6 font-medium text-accent underline-offset-2 hover:underline";
