import type { Page } from "@foedus/gen/foedus/page/v1/page_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { base64url, fromBase64url, utf8 } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";

/** What one page of a list takes. */
export interface PageWish {
  readonly size: number;
  /** The sort key of the last item of the page before; undefined for the first page. */
  readonly after: string[] | undefined;
}

const sizeDefault = 100;

/**
 * Reads a page request; `list` names the list and its filters, so that a token fits no other.
 *
 * @throws Fault PAGE_TOKEN_INVALID for a token of another list, or none of ours.
 */
export function pageWish(page: Page | undefined, list: string): PageWish {
  const size = page === undefined || page.size === 0 ? sizeDefault : page.size;
  if (page === undefined || page.token === "") return { size, after: undefined };
  const [of, ...after] = readToken(page.token);
  if (of !== list || after.length === 0) throw new Fault(Reason.PAGE_TOKEN_INVALID);
  return { size, after };
}

/** The token that goes on after an item with this sort key. */
export function pageToken(list: string, after: readonly string[]): string {
  return base64url(utf8(JSON.stringify([list, ...after])));
}

function readToken(token: string): string[] {
  try {
    const parts: unknown = JSON.parse(new TextDecoder().decode(fromBase64url(token)));
    if (Array.isArray(parts) && parts.every((part) => typeof part === "string")) return parts;
  } catch {
    // A token that does not parse is as wrong as one that does and is not ours.
  }
  throw new Fault(Reason.PAGE_TOKEN_INVALID);
}
