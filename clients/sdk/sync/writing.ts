import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Kind, type Cell, type Dot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotIn } from "@foedus/kernel/sync/cell.ts";
import { amountMax, bodyBytesMax, opOf } from "@foedus/kernel/sync/op.ts";
import type { Wish } from "@foedus/kernel/sync/spoke.state.ts";
import { FoedusError } from "../error.ts";

const nameMax = 256;

/** How fields that are put merge: one value by time, or all concurrent ones side by side. */
export type FieldKind = "latest" | "multi";

/** Replaces all values that are seen there. */
export function putWish(
  record: string,
  field: string,
  seen: Cell | undefined,
  { body, kind }: { readonly body: Uint8Array; readonly kind: Kind },
): Wish {
  const { record: named, field: where } = placed(record, field);
  if (body.length > bodyBytesMax) {
    const problem = `it has ${body.length} bytes, at most ${bodyBytesMax}`;
    throw invalid(`the value of ${record} ${field}`, problem);
  }
  return {
    record: named,
    field: where,
    kind: kindOf(seen) ?? kind,
    supersedes: dotsOf(seen),
    body,
  };
}

/** Takes away what is seen there; undefined when there is nothing. */
export function removeWish({ record, field, siblings, sum, max }: Cell): Wish | undefined {
  const [first] = siblings;
  if (first !== undefined) {
    const { kind } = opOf(first.op);
    return { record, field, kind, removes: true, supersedes: siblings.map(dotIn) };
  }
  if (sum !== 0n) return { record, field, kind: Kind.COUNTER, amount: -Number(sum) };
  if (max !== undefined) throw invalid(`removing ${record} ${field}`, "a maximum only grows");
  return undefined;
}

/** Adds an amount, or raises to it. */
export function amountWish(record: string, field: string, kind: Kind, amount: number): Wish {
  const fits = kind === Kind.COUNTER ? Number.isInteger(amount) : Number.isFinite(amount);
  if (!fits || (kind === Kind.COUNTER && Math.abs(amount) > amountMax)) {
    const problem = `${amount} is no amount; a counter takes whole numbers up to ${amountMax}`;
    throw invalid(`the amount of ${record} ${field}`, problem);
  }
  return { ...placed(record, field), kind, amount };
}

/** A row of its own. */
export function addWish(body: Uint8Array): Wish {
  if (body.length > bodyBytesMax) {
    throw invalid("a row", `it has ${body.length} bytes, at most ${bodyBytesMax}`);
  }
  return { record: "", field: "", kind: Kind.APPEND, body };
}

/** A field that holds something keeps the kind it has: a hub would refuse another. */
function kindOf(seen: Cell | undefined): Kind | undefined {
  const [first] = seen?.siblings ?? [];
  return first === undefined ? undefined : opOf(first.op).kind;
}

function dotsOf(seen: Cell | undefined): Dot[] {
  return (seen?.siblings ?? []).map(dotIn);
}

function placed(record: string, field: string): { record: string; field: string } {
  for (const [what, name] of Object.entries({ record, field })) {
    if (name.length > nameMax) throw invalid(`the ${what} ${name}`, `longer than ${nameMax}`);
    // It parts the two names in the keys of cells.
    if (name.includes("\u0000")) throw invalid(`the ${what} ${name}`, "it contains a zero");
  }
  if (record === "") throw invalid("the record", "it has no name");
  return { record, field };
}

/** What no collection takes. */
export function invalid(what: string, problem: string): FoedusError {
  return new FoedusError(Reason.SYNC_VALUE_INVALID, { what, problem });
}
