import type { Payload } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { plain, prettyJson, textIn } from "../../parts/plain-text.ts";

/** How a payload is shown: always plain text, never markup. */
export interface Shown {
  readonly shape: "json" | "text" | "bytes" | "nothing";
  readonly text: string;
  /** The rest is for whoever saves it. */
  readonly isCut: boolean;
}

/** More than anybody reads in a page. */
const shownMax = 20_000;

/** Reads a payload by what it says it is; text that is none, and what is neither, stays bytes. */
export function shownOf({ contentType, body }: Payload): Shown {
  if (body.length === 0) return { shape: "nothing", text: "", isCut: false };
  const shape = shapeOf(contentType);
  const text = shape === "bytes" ? undefined : textIn(body);
  if (shape === "bytes" || text === undefined) return { shape: "bytes", text: "", isCut: false };
  const pretty = shape === "json" ? setOut(text) : undefined;
  const whole = plain(pretty ?? text);
  const kind = shape === "json" && pretty === undefined ? "text" : shape;
  return { shape: kind, text: whole.slice(0, shownMax), isCut: whole.length > shownMax };
}

/** JSON over lines, however it was spaced; as it was written where setting it out would lose something. */
function setOut(text: string): string | undefined {
  const tight = text.replace(/("(?:[^"\\]|\\.)*")|\s+/gu, "$1");
  const pretty = prettyJson(tight);
  return pretty === tight ? text : pretty;
}

function shapeOf(contentType: string): "json" | "text" | "bytes" {
  const [type = ""] = contentType.toLowerCase().split(";");
  if (/^application\/(?:[\w.-]+\+)?json$/u.test(type.trim())) return "json";
  return type.startsWith("text/") ? "text" : "bytes";
}

const endings: Readonly<Record<string, string>> = {
  "application/json": "json",
  "application/pdf": "pdf",
  "image/png": "png",
  "image/jpeg": "jpg",
  "text/plain": "txt",
  "text/csv": "csv",
};

/** What a saved payload is called: nothing a stranger wrote decides more than three letters. */
export function fileName(taskId: string, what: string, contentType: string): string {
  const [type = ""] = contentType.toLowerCase().split(";");
  return `${taskId.replaceAll(/[^\w-]/gu, "")}-${what}.${endings[type.trim()] ?? "bin"}`;
}
