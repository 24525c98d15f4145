import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { CapabilityState, type HubStatus } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { parseInvitation, type Invitation } from "@foedus/kernel/invitation.ts";
import { hubClock } from "@foedus/sdk/clock.ts";
import { planConfig } from "../../../server/plan.ts";
import type { CliContext } from "../context.ts";
import type { HubClient } from "../hub-client.ts";
import { roleName } from "../names.ts";
import { sessionFile, type HubSession } from "../session.ts";
import { ownVersion } from "../version.ts";
import { counted } from "../words/plural.ts";
import { tripText } from "../words/span.ts";
import type { Exam, Told } from "./exam.ts";
import { examineFolder, examineProgram, examineSecret, holderOf } from "./folder.ts";
import { examineJoin, examineNodeDoor } from "./proof.ts";
import { emptyStore } from "./store.ts";
import { examineWay } from "./way.ts";

const callsMeasured = 5;
const roundTripDoubtfulMs = 1_000;
const answers = ["session", "version", "capabilities", "round trip"];
const doors = ["join name", "join port", "join proof", "clock", "node name", "node port"];
const behindTheDoors = ["node proof", "hub certificate"];

/** The hub of a data folder, from its files to both of its doors for nodes. */
export async function examineHub(exam: Exam, context: CliContext): Promise<void> {
  await examineProgram(exam);
  const session = await examineFiles(exam, context);
  if (session === undefined) {
    return exam.untried(
      ["web name", "web port", ...answers, ...doors, ...behindTheDoors],
      "no session",
    );
  }
  if (!(await examineWay(exam, "web", session.web, context.world))) {
    return exam.untried([...answers, ...doors, ...behindTheDoors], "the hub does not answer");
  }
  const status = await examineAnswers(exam, await context.hub(), context);
  const invitation = status && parseInvitation(status.invitation);
  if (status === undefined || invitation === undefined) {
    return exam.untried([...doors, ...behindTheDoors], "the hub told no addresses");
  }
  await examineDoors(exam, status, invitation, context);
}

async function examineFiles(exam: Exam, context: CliContext): Promise<HubSession | undefined> {
  const isElsewhere = context.named === undefined && context.environment.FOEDUS_HUB !== undefined;
  if (!isElsewhere) {
    const { folder, environment } = context;
    const absent = new Fault(Reason.NO_SESSION, { detail: `there is no folder ${folder}` });
    const usable = await examineFolder(exam, folder, absent);
    await exam.step(
      "config",
      () => planConfig(["--data", folder], environment),
      ({ entries }) => {
        const set = entries.filter((one) => one.source !== "default" && one.field !== "data");
        return { detail: `valid here; ${counted(set.length, "field")} set by the environment` };
      },
    );
    if (!usable) {
      exam.untried(["process", "session file", "session secret"], "the folder cannot be used");
      return undefined;
    }
    const holder = await holderOf(folder);
    await exam.step(
      "process",
      () => holder,
      (pid) => ({
        detail: pid === undefined ? "no hub holds the folder" : `process ${pid} holds the folder`,
        doubt: pid === undefined ? "start it: foedus hub serve" : undefined,
      }),
    );
  }
  const session = await exam.step(
    "session file",
    () => context.session(),
    ({ place, web }) => ({
      detail: `${place} names ${web}`,
    }),
  );
  if (session?.place === sessionFile(context.folder)) {
    await examineSecret(exam, "session secret", session.place);
  }
  return session;
}

async function examineAnswers(
  exam: Exam,
  hub: HubClient,
  { world }: CliContext,
): Promise<HubStatus | undefined> {
  const who = await exam.step(
    "session",
    () => hub.as(PersonService).getSession({}, hub.call),
    ({ person, tenant }) => ({
      detail: `${person?.displayName ?? "nobody"}, ${roleName(person?.role ?? 0)} of ${tenant}`,
    }),
  );
  if (who === undefined) {
    exam.untried(answers.slice(1), "the hub does not know us");
    return undefined;
  }
  const status = await exam.step("version", () => statusOf(hub), tellVersion);
  if (status === undefined) {
    exam.untried(["capabilities", "round trip"], "the hub told no status");
    return undefined;
  }
  await exam.step("capabilities", () => status, tellCapabilities);
  await exam.step(
    "round trip",
    () => medianMs(hub, world),
    (ms) => ({
      detail: `${tripText(ms * 1_000)}, the middle of ${callsMeasured} calls`,
      doubt:
        ms > roundTripDoubtfulMs ? "the hub or the way to it is slow: look at its load" : undefined,
    }),
  );
  return status;
}

async function statusOf(hub: HubClient): Promise<HubStatus> {
  const { status } = await hub.as(HubService).getStatus({}, hub.call);
  if (status !== undefined) return status;
  throw new Fault(Reason.HUB_UNREACHABLE, { address: hub.address, detail: "it told no status" });
}

function tellVersion({ version }: HubStatus): Told {
  const own = ownVersion();
  if (version === own) return { detail: `the hub is ${version} too` };
  return {
    detail: `the hub is ${version}, this program is ${own}`,
    doubt: "upgrade the older of the two",
  };
}

function tellCapabilities({ capabilities }: HubStatus): Told {
  const failing = capabilities.filter((one) => one.state !== CapabilityState.SERVING);
  if (failing.length === 0) return { detail: `all ${capabilities.length} serve` };
  const words = failing.map(({ name, state, lastError }) => {
    return `${name} is ${CapabilityState[state].toLowerCase()} (${lastError || "no failure told"})`;
  });
  return { detail: words.join("; "), doubt: "mend what it says; the hub tries again by itself" };
}

async function medianMs(hub: HubClient, { clock }: CliContext["world"]): Promise<number> {
  const taken: number[] = [];
  for (let call = 0; call < callsMeasured; call += 1) {
    const startedMs = clock.monotonic();
    await statusOf(hub);
    taken.push(clock.monotonic() - startedMs);
  }
  return taken.toSorted((one, other) => one - other)[Math.floor(callsMeasured / 2)] ?? 0;
}

async function examineDoors(
  exam: Exam,
  status: HubStatus,
  invitation: Invitation,
  context: CliContext,
): Promise<void> {
  const { world } = context;
  const kit = { context, clock: hubClock(world.clock), store: emptyStore };
  const joins = await examineWay(exam, "join", status.joinAddress, world);
  if (!joins) exam.untried(["join proof", "clock"], "the listener does not answer");
  const chain = joins ? await examineJoin(exam, invitation, kit) : undefined;
  const nodes = await examineWay(exam, "node", status.nodeAddress, world);
  if (nodes && chain !== undefined) await examineNodeDoor(exam, status.nodeAddress, chain, kit);
  else
    exam.untried(behindTheDoors, nodes ? "the hub is not proved" : "the listener does not answer");
}
