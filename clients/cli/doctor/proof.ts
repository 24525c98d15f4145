import { X509Certificate } from "node:crypto";
import type { Invitation } from "@foedus/kernel/invitation.ts";
import { instantOf, utcDay } from "@foedus/kernel/time.ts";
import type { HubClock } from "@foedus/sdk/clock.ts";
import { contactHub, requireNow, trusting } from "@foedus/sdk/membership/contact.ts";
import type { NodeStore } from "@foedus/sdk/store/store.ts";
import { ChainRefused, followChain, type HubChain } from "@foedus/kernel/chain.ts";
import type { CliContext } from "../context.ts";
import { quoted } from "../shell.ts";
import { agoText, skewText } from "../words/span.ts";
import type { Exam, Remedy, Told } from "./exam.ts";
import { placeOf, shownCertificates } from "./probe.ts";

/** What a listener is proved with. */
export interface ProofKit {
  readonly context: CliContext;
  readonly clock: HubClock;
  readonly store: NodeStore;
  /** The hub's data folder, where it is at hand. */
  readonly hubFolder?: string;
}

const skewUnfeltMs = 50;
const skewDoubtfulMs = 5_000;
const signerDoubtfulMs = 30 * 86_400_000;

const clockOff: Remedy = {
  why: "Foedus goes by the hub's clock, but logs and other programs here tell wrong times",
  line: "sudo timedatectl set-ntp true",
};

/** A running hub takes a new issuing certificate at its next start. */
function renewSigner(hubFolder: string | undefined): Remedy {
  const why = "once it ended nobody joins or stays; a hub takes the new one at its next start";
  if (hubFolder === undefined) return { why, fix: "tell the hub's operator" };
  return { why, line: `foedus hub renew-ca --data ${quoted(hubFolder)}` };
}

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
  const chain = await exam.step("join proof", prove, () => ({
    detail: `it is the hub whose root ${invitation.caHash} is`,
  }));
  if (chain === undefined) exam.untried(["clock"], "nobody told the hub's time");
  else await exam.step("clock", () => clock.skewMs(), tellSkew);
  return chain;
}

function tellSkew(skewMs: number): Told {
  const far = Math.abs(skewMs) > skewDoubtfulMs;
  return {
    detail: Math.abs(skewMs) < skewUnfeltMs ? "as the hub's" : `${skewText(skewMs)} of the hub's`,
    doubt: far ? clockOff : undefined,
  };
}

/** Who answers at the node listener: the same hub, below the same root, with time left. */
export async function examineNodeDoor(
  exam: Exam,
  address: string,
  trusted: Pick<HubChain, "spiffeId" | "root">,
  { context, clock, hubFolder }: ProofKit,
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
  const shown = await exam.step("node proof", prove, () => ({ detail: "it is the same hub" }));
  if (shown === undefined) exam.untried(["hub certificate"], "the listener is not proved");
  else
    await exam.step(
      "hub certificate",
      () => endsOf(shown),
      (ends) => tellEnds(ends, clock.now(), hubFolder),
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

function tellEnds({ leafMs, signerMs }: Ends, nowMs: number, hubFolder?: string): Told {
  const soon = signerMs - nowMs < signerDoubtfulMs;
  const leaf = `renews itself, next ${agoText(leafMs, nowMs)} at the latest`;
  return {
    detail: `${leaf}; its signer ends ${agoText(signerMs, nowMs)} (${utcDay(signerMs)})`,
    doubt: soon ? renewSigner(hubFolder) : undefined,
  };
}
