import type { WaitingNotice } from "@foedus/sdk/membership/ask.ts";
import type { CliContext } from "../context.ts";
import { strong } from "../paint.ts";
import { agoText } from "../words/span.ts";

/** Tells whoever started a node what it waits for, who can end that, and what they compare. */
export function tellWaiting({ print, world }: CliContext): (notice: WaitingNotice) => void {
  return ({ waiting, fingerprint }) => {
    const { waitingFor, whoCanEndIt, sinceMs, command } = waiting;
    if (print.output === "json") {
      const told = { waitingFor, whoCanEndIt, sinceMs: String(sinceMs), command, fingerprint };
      return print.errorJson({ waiting: told });
    }
    const since = agoText(Number(sinceMs), world.clock.now());
    print.note(`Asked to join ${since}. It waits for ${waitingFor}.`);
    print.note();
    print.note("Fingerprint    ", strong(fingerprint));
    print.note("Who can say so ", whoCanEndIt);
    print.note("With           ", command);
    print.note();
    print.note("Ctrl-C ends the waiting here; the same command goes on with it.");
  };
}
