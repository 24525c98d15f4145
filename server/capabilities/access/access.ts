import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type {
  AccessRule,
  AccessSettings,
  JoinRequest,
} from "@foedus/gen/foedus/access/v1/access_pb.js";
import {
  AccessMode,
  AccessSettingsSchema,
  JoinRequestState,
  RuleKind,
} from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessModeChangedSchema } from "@foedus/gen/foedus/access/v1/access_event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Change } from "@foedus/kernel/change.ts";
import { fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { refuseEnded } from "./request.ts";
import { ruleAbout, type Somebody } from "./rule.ts";

/** Before anybody decided otherwise, nobody comes in without somebody's consent. */
export const settingsDefault: AccessSettings = create(AccessSettingsSchema, {
  mode: AccessMode.APPROVAL,
});

/** What a judgement stands on. */
export interface Standing {
  readonly mode: AccessMode;
  readonly rules: readonly AccessRule[];
}

/** Who wants to join. */
export interface Wish extends Somebody {
  readonly hasToken: boolean;
  readonly nameInToken: boolean;
}

/** How a wish may go on. */
export type Verdict =
  | {
      readonly kind: "admit";
      /** Without a token; a token says for itself. */
      readonly role: Role;
      /** The only name it may take; empty for any. */
      readonly name: string;
      readonly vouched: boolean;
    }
  | { readonly kind: "wait" };

/**
 * Whether somebody may join. `asked` is what the same key asked for before.
 *
 * @throws Fault JOIN_BLOCKED, JOIN_NOT_INVITED, TOKEN_REQUIRED, or how its own wish ended.
 */
export function judge(
  standing: Standing,
  wish: Wish,
  asked: JoinRequest | undefined,
  nowMs: number,
): Verdict {
  refuseBlocked(standing, wish);
  if (wish.hasToken) return judgeToken(standing, wish);
  if (standing.mode === AccessMode.INVITE) throw new Fault(Reason.TOKEN_REQUIRED);
  if (asked !== undefined) refuseEnded(asked, nowMs);
  if (asked?.state === JoinRequestState.APPROVED) {
    return { kind: "admit", role: asked.role, name: asked.name, vouched: true };
  }
  if (standing.mode !== AccessMode.OPEN) return { kind: "wait" };
  return { kind: "admit", role: Role.OBSERVER, name: "", vouched: false };
}

/** A token is an admin's consent beforehand; in mode invite that admin, or the list, names whom. */
function judgeToken({ mode, rules }: Standing, wish: Wish): Verdict {
  const named = wish.nameInToken || ruleAbout(rules, RuleKind.ALLOW, wish) !== undefined;
  if (mode === AccessMode.INVITE && !named) {
    throw new Fault(Reason.JOIN_NOT_INVITED, { name: wish.name || wish.fingerprint });
  }
  return { kind: "admit", role: Role.UNSPECIFIED, name: "", vouched: true };
}

function refuseBlocked({ rules }: Standing, wish: Wish): void {
  const rule = ruleAbout(rules, RuleKind.BLOCK, wish);
  if (rule === undefined) return;
  const who = rule.name || rule.fingerprint;
  throw new Fault(Reason.JOIN_BLOCKED, { who, why: rule.reason, rule_id: rule.id });
}

/** The settings once the mode is changed; the number grows with each decision. */
export function setMode(
  settings: AccessSettings,
  wish: { readonly mode: AccessMode; readonly reason: string },
  made: { readonly revision: bigint; readonly by: string; readonly nowMs: number },
): Change<AccessSettings> {
  const { mode: was } = settings;
  const next = create(AccessSettingsSchema, {
    mode: wish.mode,
    revision: made.revision,
    changeTime: timestampFromMs(made.nowMs),
    changedBy: made.by,
    reason: wish.reason,
  });
  return { next, facts: [fact(AccessModeChangedSchema, "access", { settings: next, was })] };
}
