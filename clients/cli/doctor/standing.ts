import { X509Certificate } from "node:crypto";
import { createClient } from "@connectrpc/connect";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { followChain } from "@foedus/kernel/chain.ts";
import { instantOf } from "@foedus/kernel/time.ts";
import type { HubClock } from "@foedus/sdk/clock.ts";
import { errorOf } from "@foedus/sdk/error.wire.ts";
import type { Membership } from "@foedus/sdk/membership/membership.ts";
import { dial } from "@foedus/sdk/wire/dial.ts";
import { transportOver } from "@foedus/sdk/wire/transport.ts";
import type { CliContext } from "../context.ts";
import type { Failure } from "../failure.ts";
import { stateName } from "../names.ts";
import { quoted } from "../shell.ts";
import { agoText, tripText } from "../words/span.ts";
import type { Exam, Remedy, Told } from "./exam.ts";

/** How a node that is known here stands with its hub. */
export interface Standing {
  readonly member: Membership;
  readonly clock: HubClock;
  /** The line that runs the node. */
  readonly runLine: string;
}

const callMs = 10_000;

/** The node's certificate, and what the hub thinks of who holds it. */
export async function examineStanding(
  exam: Exam,
  standing: Standing,
  context: CliContext,
): Promise<void> {
  const endMs = await exam.step(
    "certificate",
    () => endOf(standing.member),
    (ends) => tellEnd(ends, standing),
  );
  if (endMs === undefined || endMs <= standing.clock.now()) {
    return exam.untried(["standing"], "the hub knows nobody by such a certificate");
  }
  await exam.step(
    "standing",
    () => askStanding(standing.member, context),
    (told) => told,
    { remedy: (failure) => remedyOf(failure, standing) },
  );
}

/** 0 when the certificate and its key do not fit. */
function endOf({ chain }: Membership): number {
  return chain === undefined ? 0 : instantOf(new X509Certificate(chain).validTo);
}

/** A lapsed certificate is nothing bad: the node comes back by its identity key. */
function tellEnd(endMs: number, { clock, runLine }: Standing): Told {
  const why = "without one nobody hears the node; it gets the next by its identity key";
  const doubt = { why, line: runLine };
  if (endMs === 0) return { detail: "it and its key do not fit", doubt };
  const nowMs = clock.now();
  if (endMs <= nowMs) return { detail: `ended ${agoText(endMs, nowMs)}`, doubt };
  return { detail: `ends ${agoText(endMs, nowMs)}; a running node renews it by itself` };
}

function remedyOf({ reason }: Failure, { member }: Standing): Remedy | undefined {
  const name = quoted(member.admission.name);
  if (reason === Reason.NODE_QUARANTINED) {
    return {
      why: "the hub hears nothing of it until an admin has looked and lets it return",
      line: `foedus access release ${name} --reason 'looked at, and fine'`,
    };
  }
  if (reason === Reason.NODE_REVOKED) {
    return {
      why: "a revoked node never returns: it joins as a new one, in a new folder",
      line: `foedus token create --name ${name}`,
    };
  }
  return undefined;
}

/** Asks the hub, as the node, how it sees the node. @throws FoedusError, e.g. NODE_REVOKED */
async function askStanding(member: Membership, { world, signal }: CliContext): Promise<Told> {
  const { admission, chain = "", tlsKey: key } = member;
  const { nodeAddress: address, bundle, nodeId } = admission;
  const own = { chain, key };
  const inspect = (shown: Uint8Array[]) => void followChain(shown, bundle?.roots ?? []);
  try {
    const session = await dial({ address, own, inspect, world, signal });
    try {
      const client = createClient(
        NodeService,
        transportOver(() => Promise.resolve(session)),
      );
      const startedMs = world.clock.monotonic();
      const { node } = await client.getNode({ node: nodeId }, { timeoutMs: callMs, signal });
      const tookMs = world.clock.monotonic() - startedMs;
      const state = node === undefined ? "unknown" : stateName(node.state);
      return { detail: `${state} to the hub, which answered after ${tripText(tookMs * 1_000)}` };
    } finally {
      session.destroy();
    }
  } catch (thrown) {
    throw errorOf(thrown, address);
  }
}
