import type { ClientHttp2Session } from "node:http2";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { FoedusError } from "../error.ts";
import { contactHub, requireNow, requireProved, trusting } from "../membership/contact.ts";
import type { HubChain } from "@foedus/kernel/chain.ts";
import { ChainRefused, followChain, holdsAt } from "@foedus/kernel/chain.ts";
import { OwnCertificateRefused, dial, firstThatServes } from "../wire/dial.ts";
import { reenter } from "./certify.ts";
import type { NodeKit } from "./kit.ts";
import { leftMs } from "./kit.ts";

/** A certificate that ends within this is not worth a handshake. */
const spareMs = 250;

/**
 * Connects to the node listener, coming back by the identity key first if the certificate lapsed.
 * `failures` says how often that failed in a row.
 */
export async function reachHub(kit: NodeKit, failures = 0): Promise<ClientHttp2Session> {
  if (leftMs(kit) <= spareMs) await reenter(kit);
  try {
    return await dialNode(kit);
  } catch (error) {
    if (!mayHelp(error, failures)) throw error;
    await reenter(kit);
    return dialNode(kit);
  }
}

/**
 * Whether a new admission may help: the hub can know better that our certificate lapsed, since our
 * clock may have stood still with the machine; and its node listener may have moved.
 */
function mayHelp(error: unknown, failures: number): boolean {
  if (error instanceof OwnCertificateRefused) return true;
  const away = error instanceof FoedusError && error.reason === Reason.HUB_UNREACHABLE;
  return away && askWhereAt.includes(failures);
}

/** The hub is asked for its address after so many failures in a row, and not at every one. */
const askWhereAt = [2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** The hub that served last comes first; where it does not answer, another one of its domain. */
async function dialNode(kit: NodeKit): Promise<ClientHttp2Session> {
  const { nodeAddress, nodeAddresses } = kit.membership.admission;
  const all = [nodeAddress, ...nodeAddresses];
  return firstThatServes(all, kit.ended.signal, (address, withinMs) =>
    dialOne(kit, address, withinMs),
  );
}

async function dialOne(
  kit: NodeKit,
  address: string,
  withinMs: number | undefined,
): Promise<ClientHttp2Session> {
  const { membership, world, ended } = kit;
  const { chain: own = "", tlsKey: key } = membership;
  let proved: HubChain | undefined;
  const session = await dial({
    address,
    withinMs,
    world,
    signal: ended.signal,
    own: { chain: own, key },
    inspect: (presented) => (proved = trusting(address, () => prove(kit, presented))),
  });
  const chain = requireProved(proved);
  const served = () => {
    const admission = { ...kit.membership.admission, nodeAddress: address };
    kit.membership = {
      ...kit.membership,
      admission: { ...admission, hubSpiffeId: chain.spiffeId },
    };
    return session;
  };
  if (holdsAt(chain, kit.clock.now())) return served();
  try {
    // Before the hub is called out of date, it may tell what time it is.
    const others = membership.admission.joinAddresses;
    const contactKit = { ...kit, signal: ended.signal, others };
    const contact = await contactHub(membership.invitation, contactKit);
    contact[Symbol.dispose]();
    trusting(address, () => requireNow(chain, kit.clock));
    return served();
  } catch (error) {
    session.destroy();
    throw error;
  }
}

/**
 * Who it must be: a hub of the trust domain, below the roots of that domain. Which of its hubs does
 * not matter: they serve one database, and only they hold its CA (docs/decisions/0053).
 */
function prove({ membership }: NodeKit, presented: readonly Uint8Array[]): HubChain {
  const { bundle } = membership.admission;
  const chain = followChain(presented, bundle?.roots ?? []);
  if (chain.trustDomain === bundle?.trustDomain) return chain;
  throw new ChainRefused(`it is ${chain.spiffeId}`);
}
