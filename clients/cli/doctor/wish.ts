import { fingerprintOf } from "@foedus/kernel/fingerprint.ts";
import { parseInvitation, type Invitation } from "@foedus/kernel/invitation.ts";
import { unfinishedAttempt, type Attempt } from "@foedus/sdk/membership/attempt.ts";
import type { NodeStore } from "@foedus/sdk/store/store.ts";
import { quoted } from "../shell.ts";
import type { Exam } from "./exam.ts";
import { holderOf } from "./folder.ts";

/** A node that asked to join, and was not admitted yet. */
export interface Wish {
  readonly attempt: Attempt;
  readonly invitation: Invitation;
}

/** What an earlier run began; undefined when nobody asked from here. */
export async function wishOf(store: NodeStore): Promise<Wish | undefined> {
  const attempt = await unfinishedAttempt(store);
  const invitation = attempt && parseInvitation(attempt.invitation);
  if (attempt === undefined || invitation === undefined) return undefined;
  return { attempt, invitation };
}

/** What the node waits for, and whether anybody is there when it comes. */
export async function examineWish(exam: Exam, folder: string, wish: Wish): Promise<void> {
  const { attempt, invitation } = wish;
  const hub = `${invitation.host}:${invitation.port}`;
  const again = `foedus node join ${quoted(attempt.invitation)} --no-token --data ${quoted(folder)}`;
  const fingerprint = fingerprintOf(attempt.request.identityKey);
  const why = "until the hub has admitted it, the node is nobody";
  await exam.step(
    "identity",
    () => attempt.request.token === "",
    (waits) =>
      waits
        ? {
            detail: `asked to join ${hub} as ${fingerprint}, and waits for an admin`,
            wrong: { why, line: `foedus access approve ${fingerprint}` },
          }
        : {
            detail: `asked to join ${hub}, and was cut off before the answer`,
            wrong: { why, line: again },
          },
  );
  await exam.step(
    "process",
    () => holderOf(folder),
    (pid) => {
      if (pid !== undefined) return { detail: `process ${pid} waits for the answer` };
      const nobody = "an approval is for whoever comes and takes it";
      return { detail: "nobody waits for the answer", wrong: { why: nobody, line: again } };
    },
  );
}
