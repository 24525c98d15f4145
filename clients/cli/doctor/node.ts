import { X509Certificate } from "node:crypto";
import { createClient } from "@connectrpc/connect";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { instantOf } from "@foedus/kernel/time.ts";
import { hubClock, type HubClock } from "@foedus/sdk/clock.ts";
import { errorOf } from "@foedus/sdk/error.wire.ts";
import { readTime } from "@foedus/sdk/membership/clock-file.ts";
import { readMembership, type Membership } from "@foedus/sdk/membership/membership.ts";
import { folderStore } from "@foedus/sdk/store/folder.ts";
import { followChain } from "@foedus/kernel/chain.ts";
import { dial } from "@foedus/sdk/wire/dial.ts";
import { transportOver } from "@foedus/sdk/wire/transport.ts";
import type { CliContext } from "../context.ts";
import { stateName } from "../names.ts";
import { agoText, tripText } from "../words/span.ts";
import type { Exam, Told } from "./exam.ts";
import { examineFolder, examineProgram, examineSecret, holderOf } from "./folder.ts";
import { examineJoin, examineNodeDoor } from "./proof.ts";
import { examineWay } from "./way.ts";

const callMs = 10_000;
const afterIdentity = ["identity key", "process", "join name", "join port", "join proof", "clock"];
const afterJoin = [
  "node name",
  "node port",
  "node proof",
  "hub certificate",
  "certificate",
  "standing",
];

/** A node, from its folder to what its hub thinks of it. */
export async function examineNode(exam: Exam, folder: string, context: CliContext): Promise<void> {
  const { world } = context;
  await examineProgram(exam);
  const absent = new Fault(Reason.NOT_JOINED, { place: folder });
  const usable = await examineFolder(exam, folder, absent);
  const member = usable ? await examineMembership(exam, folder) : undefined;
  if (member === undefined) {
    return exam.untried([...afterIdentity, ...afterJoin], "no node is known here");
  }
  await examineSecret(exam, "identity key", `${folderStore(folder).place}/identity.pem`);
  await exam.step(
    "process",
    () => holderOf(folder),
    (pid) => ({
      detail: pid === undefined ? "nobody runs this node" : `process ${pid} runs this node`,
      doubt:
        pid === undefined ? `npx foedus instance run --project DIR --data ${folder}` : undefined,
    }),
  );
  const store = folderStore(folder);
  const clock = hubClock(world.clock, (await readTime(store)).skewMs);
  const kit = { context, clock, store };
  const { host, port } = member.invitation;
  const joins = await examineWay(exam, "join", `${host}:${port}`, world);
  if (!joins) exam.untried(["join proof", "clock"], "the listener does not answer");
  const chain = joins ? await examineJoin(exam, member.invitation, kit) : undefined;
  const address = member.admission.nodeAddress;
  const nodes = await examineWay(exam, "node", address, world);
  if (!nodes) return exam.untried(afterJoin.slice(2), "the listener does not answer");
  if (chain === undefined) return exam.untried(afterJoin.slice(2), "the hub is not proved");
  await examineNodeDoor(exam, address, chain, kit);
  await exam.step(
    "certificate",
    () => endOf(member),
    (endMs) => tellEnd(endMs, clock),
  );
  await exam.step(
    "standing",
    () => askStanding(member, context),
    (told) => told,
  );
}

async function examineMembership(exam: Exam, folder: string): Promise<Membership | undefined> {
  const store = folderStore(folder);
  const read = async () => {
    const member = await readMembership(store);
    if (member !== undefined) return member;
    throw new Fault(Reason.NOT_JOINED, { place: store.place });
  };
  return await exam.step("identity", read, ({ admission: { name, nodeId, tenant } }) => ({
    detail: `${name} (${nodeId}) of tenant ${tenant}`,
  }));
}

function endOf({ chain }: Membership): number | undefined {
  return chain === undefined ? undefined : instantOf(new X509Certificate(chain).validTo);
}

/** A lapsed certificate is nothing bad: the node comes back by its identity key. */
function tellEnd(endMs: number | undefined, clock: HubClock): Told {
  const back = "start the node: it comes back by its identity key";
  if (endMs === undefined) return { detail: "it and its key do not fit", doubt: back };
  const nowMs = clock.now();
  if (endMs <= nowMs) return { detail: `ended ${agoText(endMs, nowMs)}`, doubt: back };
  return { detail: `ends ${agoText(endMs, nowMs)}; a running node renews it by itself` };
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
