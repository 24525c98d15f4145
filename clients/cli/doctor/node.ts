import { resolve } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Invitation } from "@foedus/kernel/invitation.ts";
import { hubClock } from "@foedus/sdk/clock.ts";
import { readTime } from "@foedus/sdk/membership/clock-file.ts";
import { readMembership, type Membership } from "@foedus/sdk/membership/membership.ts";
import { folderStore } from "@foedus/sdk/store/folder.ts";
import type { CliContext } from "../context.ts";
import { quoted } from "../shell.ts";
import type { Exam } from "./exam.ts";
import {
  examineFolder,
  examineProgram,
  examineSecrets,
  filesIn,
  holderOf,
  lastCommandIn,
} from "./folder.ts";
import { examineJoin, examineNodeDoor, type ProofKit } from "./proof.ts";
import { examineStanding } from "./standing.ts";
import { examineWay } from "./way.ts";
import { examineWish, wishOf, type Wish } from "./wish.ts";

const joinDoor = ["join name", "join port", "join proof", "clock"];
const nodeDoor = ["node name", "node port", "node proof", "hub certificate"];
const ownStanding = ["certificate", "standing"];

/** A node, from its folder to what its hub thinks of it. */
export async function examineNode(exam: Exam, named: string, context: CliContext): Promise<void> {
  const folder = resolve(named);
  await examineProgram(exam);
  const absent = new Fault(Reason.NOT_JOINED, { place: folder });
  const usable = await examineFolder(exam, folder, absent);
  const wish = usable ? await wishOf(folderStore(folder)) : undefined;
  if (wish !== undefined) return await examineNewcomer(exam, folder, wish, context);
  const member = usable ? await examineMembership(exam, folder) : undefined;
  if (member === undefined) {
    const all = ["keys", "process", ...joinDoor, ...nodeDoor, ...ownStanding];
    return exam.untried(all, "no node is known here");
  }
  const runLine = await examineHome(exam, folder);
  const kit = await proofKit(folder, context);
  const chain = await examineJoinDoor(exam, member.invitation, kit);
  const address = member.admission.nodeAddress;
  if (!(await examineWay(exam, "node", address, context.world))) {
    const behind = [...nodeDoor.slice(2), ...ownStanding];
    return exam.untried(behind, "the listener does not answer");
  }
  if (chain === undefined) {
    return exam.untried([...nodeDoor.slice(2), ...ownStanding], "the hub is not proved");
  }
  await examineNodeDoor(exam, address, chain, kit);
  await examineStanding(exam, { member, clock: kit.clock, runLine }, context);
}

/** Whoever asked and has no answer yet. */
async function examineNewcomer(
  exam: Exam,
  folder: string,
  wish: Wish,
  context: CliContext,
): Promise<void> {
  await examineWish(exam, folder, wish);
  await examineJoinDoor(exam, wish.invitation, await proofKit(folder, context));
  exam.untried([...nodeDoor, ...ownStanding], "the hub has not admitted it");
}

async function proofKit(folder: string, context: CliContext): Promise<ProofKit> {
  const store = folderStore(folder);
  const clock = hubClock(context.world.clock, (await readTime(store)).skewMs);
  return { context, clock, store };
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

/** What lies in the folder, and who runs it; returns the line that does. */
async function examineHome(exam: Exam, folder: string): Promise<string> {
  const keys = await filesIn(folderStore(folder).place, /^(identity|tls)\.pem$/);
  await examineSecrets(exam, "keys", keys, "whoever reads them can pass for this node");
  const command = (await lastCommandIn(folder)) ?? "foedus instance run --project .";
  const runLine = `${command} --data ${quoted(folder)}`;
  await exam.step(
    "process",
    () => holderOf(folder),
    (pid) => {
      if (pid !== undefined) return { detail: `process ${pid} runs this node` };
      const why = "the hub shows it offline, and hears nothing of it";
      return { detail: "nobody runs this node", wrong: { why, line: runLine } };
    },
  );
  return runLine;
}

async function examineJoinDoor(exam: Exam, invitation: Invitation, kit: ProofKit) {
  const { host, port } = invitation;
  if (await examineWay(exam, "join", `${host}:${port}`, kit.context.world)) {
    return await examineJoin(exam, invitation, kit);
  }
  exam.untried(["join proof", "clock"], "the listener does not answer");
  return undefined;
}
