import { X509Certificate } from "node:crypto";
import type { Invitation } from "@foedus/kernel/invitation.ts";
import { instantOf, utcDay } from "@foedus/kernel/time.ts";
import type { HubClock } from "@foedus/sdk/clock.ts";
import { contactHub, requireNow, trusting } from "@foedus/sdk/membership/contact.ts";
import type { NodeStore } from "@foedus/sdk/store/store.ts";
import { ChainRefused, followChain, type HubChain } from "@foedus/kernel/chain.ts";
import type { CliContext } from "../context.ts";
import { agoText, skewText } from "../words/span.ts";
import type { Exam, Told } from "./exam.ts";
import { placeOf, shownCertificates } from "./probe.ts";

/** What a listener is proved with. */
export interface ProofKit {
  readonly context: CliContext;
  readonly clock: HubClock;
  readonly store: NodeStore;
}

const skewDoubtfulMs = 5_000;
const signerDoubtfulMs = 30 * 86_400_000;

/** Who answers at the join listener, by the hash in the invitation; and what time it is there. */
export async function examineJoin(
  exam: Exam,
  invitation: Invitation,
  { context, clock, store }: ProofKit,
): Promise<HubChain | undefined> {
  const { world, signal } = context;
  const prove = async () => {
    using contact = await contactHub(invitation, { world, signal, clock, store });
    return contact.chain;
  };
  const chain = await exam.step("join proof", prove, ({ spiffeId }) => ({
    detail: `${spiffeId}, below the root ${invitation.caHash} of the invitation`,
  }));
  if (chain === undefined) exam.untried(["clock"], "nobody told the hub's time");
  else await exam.step("clock", () => clock.skewMs(), tellSkew);
  return chain;
}

function tellSkew(skewMs: number): Told {
  const far = Math.abs(skewMs) > skewDoubtfulMs;
  return {
    detail: Math.abs(skewMs) < 50 ? "as the hub's" : `${skewText(skewMs)} of the hub's`,
    doubt: far ? "set this machine's clock; Foedus itself goes by the hub's" : undefined,
  };
}

/** Who answers at the node listener: the same hub, below the same root, with time left. */
export async function examineNodeDoor(
  exam: Exam,
  address: string,
  trusted: Pick<HubChain, "spiffeId" | "root">,
  { context, clock }: ProofKit,
): Promise<void> {
  const place = placeOf(address);
  const prove = async () => {
    const shown = await shownCertificates(place, context.world);
    trusting(address, () => {
      const chain = followChain(shown, [trusted.root]);
      if (chain.spiffeId !== trusted.spiffeId) throw new ChainRefused(`it is ${chain.spiffeId}`);
      requireNow(chain, clock);
    });
    return shown;
  };
  const shown = await exam.step("node proof", prove, () => ({ detail: trusted.spiffeId }));
  if (shown === undefined) exam.untried(["hub certificate"], "the listener is not proved");
  else
    await exam.step(
      "hub certificate",
      () => endsOf(shown),
      (ends) => tellEnds(ends, clock.now()),
    );
}

interface Ends {
  readonly leafMs: number;
  /** The earliest end of those that signed it. */
  readonly signerMs: number;
}

function endsOf(shown: readonly Uint8Array[]): Ends {
  const [leafMs = 0, ...signers] = shown.map((der) => instantOf(new X509Certificate(der).validTo));
  return { leafMs, signerMs: Math.min(...signers) };
}

function tellEnds({ leafMs, signerMs }: Ends, nowMs: number): Told {
  const soon = signerMs - nowMs < signerDoubtfulMs;
  const leaf = `ends ${agoText(leafMs, nowMs)} and renews itself`;
  return {
    detail: `${leaf}; its signer ends ${agoText(signerMs, nowMs)} (${utcDay(signerMs)})`,
    doubt: soon ? "`foedus hub renew-ca` with the recovery code, then restart the hub" : undefined,
  };
}
