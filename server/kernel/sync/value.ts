import type { Cell, Sibling } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotIn } from "./cell.ts";
import { byDot } from "./dot.ts";
import { opOf } from "./op.ts";

/** The value of a REG_LWW: of concurrent ones the latest, and by dot where the times are equal. */
export function latest(cell: Cell): Sibling | undefined {
  return cell.siblings.toSorted(later)[0];
}

/** Values that lost to the latest, newest first: what a conflict shows. */
export function losers(cell: Cell): Sibling[] {
  return cell.siblings.toSorted(later).slice(1);
}

/** Whether an element is in its set: add and update win over remove. */
export function isHeld(cell: Cell): boolean {
  return cell.siblings.length > 0;
}

function later(one: Sibling, other: Sibling): number {
  return opOf(other.op).hlcMs - opOf(one.op).hlcMs || byDot(dotIn(other), dotIn(one));
}
