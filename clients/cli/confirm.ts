import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { CliContext } from "./context.ts";
import { Ended } from "./end.ts";
import { exitCodes } from "./exit.ts";
import { harmless } from "./words/harmless.ts";

/**
 * Has what cannot be undone confirmed: by `--yes`, or by whoever sits at the terminal. `act` begins
 * the question, e.g. "Retiring web".
 *
 * @throws Fault CONFIRMATION_MISSING with nobody to ask; Ended after anything but a yes.
 */
export async function confirm(context: CliContext, act: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!context.terminal.isAttended) throw new Fault(Reason.CONFIRMATION_MISSING, { act });
  const answer = await context.terminal.ask(`${harmless(act)} cannot be undone. Go on? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Ended(exitCodes.failed, "Nothing was changed.");
}
