import { Kind, type Cell } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotIn } from "../sync/cell.ts";
import { cellKey } from "../sync/op.ts";
import type { Wish } from "../sync/spoke.state.ts";
import type { Chance } from "./chance.ts";

const recordsEach = 3;
const wrongShare = 0.01;

/** What somebody might write next, who sees the cells so. */
export function wishFor(chance: Chance, look: (key: string) => Cell | undefined): Wish {
  const at = chance.below(recordsEach);
  const which = chance.below(10);
  if (which < 3) return { kind: Kind.COUNTER, record: `c${at}`, amount: chance.between(1, 5) };
  if (which < 4) return { kind: Kind.MAXREG, record: `m${at}`, amount: chance.below(1000) };
  if (which < 5) return { kind: Kind.APPEND, body: bodyOf(chance) };
  const wrong = chance.happens(wrongShare);
  if (which < 7) return over(chance, look, wrong ? Kind.REG_MV : Kind.REG_LWW, `r${at}`, "");
  if (which < 8) return over(chance, look, Kind.REG_MV, `v${at}`, "");
  return over(chance, look, Kind.ORMAP, `s${at}`, `e${chance.below(recordsEach)}`);
}

function over(
  chance: Chance,
  look: (key: string) => Cell | undefined,
  kind: Kind,
  record: string,
  field: string,
): Wish {
  const siblings = look(cellKey({ record, field }))?.siblings ?? [];
  const supersedes = siblings.map(dotIn);
  const removes = supersedes.length > 0 && chance.happens(0.3);
  return { kind, record, field, supersedes, removes, body: removes ? undefined : bodyOf(chance) };
}

function bodyOf(chance: Chance): Uint8Array {
  return Uint8Array.from({ length: chance.between(4, 40) }, () => chance.below(256));
}
