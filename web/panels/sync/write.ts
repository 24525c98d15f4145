import { textIn } from "../../parts/plain-text.ts";
import type { Value } from "./value.ts";

/** How somebody writes a value. */
export const writings = ["text", "json", "hex"] as const;
export type Writing = (typeof writings)[number];

/** The bytes of what was written, or why they are none. */
export type Written = { readonly bytes: Uint8Array } | { readonly why: string };

/** A hub takes no larger value. */
export const valueBytesMax = 65_536;

/** How a value is written first: as the one that is shown is. */
export function writingOf({ shape }: Value): Writing {
  if (shape === "bytes") return "hex";
  return shape === "json" ? "json" : "text";
}

/** What stands in the field first: the value itself, letter by letter. */
export function draftOf({ shape, bytes, text }: Value): string {
  return shape === "bytes" ? text : (textIn(bytes) ?? "");
}

/** Reads what was written; JSON that is none is not sent, for its readers would break on it. */
export function readDraft(draft: string, writing: Writing): Written {
  const bytes = writing === "hex" ? hexBytes(draft) : new TextEncoder().encode(draft);
  if (bytes === undefined) return { why: "This is not hex: pairs of 0-9 and a-f." };
  if (bytes.length > valueBytesMax) return { why: "This is more than the 64 KiB a hub takes." };
  if (writing === "json" && !isJson(draft)) return { why: "This is not JSON." };
  return { bytes };
}

function hexBytes(draft: string): Uint8Array | undefined {
  const digits = draft.replace(/\s/gu, "");
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/iu.test(digits)) return undefined;
  const pairs = digits.match(/../gu) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

function isJson(draft: string): boolean {
  try {
    JSON.parse(draft);
    return true;
  } catch {
    return false;
  }
}
