import { dirname, resolve } from "node:path";
import type { HubStatus } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { parseInvitation, type Invitation } from "@foedus/kernel/invitation.ts";
import { hubClock } from "@foedus/sdk/clock.ts";
import { planConfig, type PlannedConfig } from "../../../server/plan.ts";
import type { CliContext } from "../context.ts";
import { failureOf } from "../failure.ts";
import { sessionFile, type HubSession } from "../session.ts";
import { counted } from "../words/plural.ts";
import { answers, examineAnswers } from "./answers.ts";
import type { Exam, Remedy } from "./exam.ts";
import { examineFederation, federation } from "./federation.ts";
import { examineFolder, examineProgram, examineSecrets, filesIn, holderOf } from "./folder.ts";
import { examineJoin, examineNodeDoor, type ProofKit } from "./proof.ts";
import { serveLine } from "./remedy.ts";
import { examineStart } from "./start.ts";
import { emptyStore } from "./store.ts";
import { examineWay } from "./way.ts";

/** What `foedus doctor` takes for a hub. */
export interface HubOptions {
  /** The file that the hub is configured by. */
  readonly config?: string | undefined;
}

/** Soon enough for a hub that is only asked whether it is there. */
const answerMs = 3_000;
const doors = ["join name", "join port", "join proof", "clock", "node name", "node port"];
const behindTheDoors = ["node proof", "hub certificate"];
const behindTheWeb = [...answers, ...federation, ...doors, ...behindTheDoors];

/** The hub of a data folder, from its files to both of its doors for nodes. */
export async function examineHub(
  exam: Exam,
  context: CliContext,
  options: HubOptions,
): Promise<void> {
  await examineProgram(exam);
  const home = homeOf(context);
  const runs = home === undefined || (await examineHome(exam, home, context, options));
  const session = runs ? await examineSession(exam, home, context) : undefined;
  if (session === undefined) {
    const because = runs ? "no session" : "the hub does not run";
    const before = runs ? [] : ["session file", "session secret"];
    return exam.untried([...before, "web name", "web port", ...behindTheWeb], because);
  }
  if (!(await examineWay(exam, "web", session.web, context.world))) {
    return exam.untried(behindTheWeb, "the hub does not answer");
  }
  const hub = await context.hub();
  const status = await examineAnswers(exam, hub, context);
  if (status === undefined) {
    return exam.untried([...federation, ...doors, ...behindTheDoors], "the hub told no status");
  }
  await examineFederation(exam, hub, status);
  const invitation = parseInvitation(status.invitation);
  if (invitation === undefined) {
    return exam.untried([...doors, ...behindTheDoors], "the hub told no addresses");
  }
  await examineDoors(exam, status, invitation, { context, home });
}

/** The data folder of the hub that commands speak to; undefined where it is not at hand. */
function homeOf(context: CliContext): string | undefined {
  try {
    const { place } = context.session();
    const folder = dirname(place);
    return place === sessionFile(folder) ? folder : undefined;
  } catch {
    const isElsewhere = context.named === undefined && context.environment.FOEDUS_HUB !== undefined;
    return isElsewhere ? undefined : context.folder;
  }
}

/** The hub's own machine: whether it runs there, and if it does not, whether it could. */
async function examineHome(
  exam: Exam,
  folder: string,
  context: CliContext,
  { config: file }: HubOptions,
): Promise<boolean> {
  const place = resolve(folder);
  const flags = file === undefined ? [] : ["--config", file];
  const absent = new Fault(Reason.NO_SESSION, { detail: `there is no folder ${folder}` });
  const usable = await examineFolder(exam, folder, absent, {
    why: "all that a hub knows lies there",
    line: serveLine(folder, ...flags),
  });
  const plan = await exam.step(
    "config",
    () => planConfig(["--data", folder, ...flags], context.environment),
    (planned) => ({ detail: `valid here; ${sourcesOf(planned)}` }),
  );
  if (!usable) {
    exam.untried(["keys", "process"], "the folder cannot be used");
    return false;
  }
  const keys = await filesIn(`${place}/keys`, /\.(json|pem)$/);
  await examineSecrets(exam, "keys", keys, "whoever reads them can pass for this hub");
  const holder = await holderOf(folder);
  const answered = holder !== undefined || (await isAnswering(context));
  if (!answered && plan !== undefined) {
    await examineStart(exam, { config: plan.config, folder: place, flags });
  }
  await exam.step(
    "process",
    () => holder,
    (pid) => {
      if (pid !== undefined) return { detail: `process ${pid} holds the folder` };
      if (answered) return { detail: "none here holds the folder; the hub answers all the same" };
      const why = "nobody can join and nothing is told while no hub runs";
      return {
        detail: "no hub holds the folder",
        wrong: { why, line: serveLine(place, ...flags) },
      };
    },
  );
  return answered;
}

function sourcesOf({ entries }: PlannedConfig): string {
  const set = entries.filter((one) => one.source !== "default" && one.field !== "data");
  return set.length === 0 ? "all as by default" : `${counted(set.length, "field")} set`;
}

/** A hub in a container, or on another machine, holds the folder by a process unknown here. */
async function isAnswering(context: CliContext): Promise<boolean> {
  try {
    const hub = await context.hub();
    await hub.as(PersonService).getSession({}, { ...hub.call, timeoutMs: answerMs });
    return true;
  } catch (thrown) {
    return (await failureOf(thrown))?.reason === Reason.SESSION_UNKNOWN;
  }
}

/** The hub runs, and the file that it writes at its start is gone or damaged; or none is named. */
const unwritten: Remedy = {
  why: "without it no command may speak to the hub; a hub writes it anew at each start",
  fix: "restart the hub",
};

async function examineSession(
  exam: Exam,
  home: string | undefined,
  context: CliContext,
): Promise<HubSession | undefined> {
  const session = await exam.step(
    "session file",
    () => context.session(),
    ({ place, web }) => ({ detail: `${place} names ${web}` }),
    { remedy: ({ reason }) => (reason === Reason.NO_SESSION ? unwritten : undefined) },
  );
  if (session !== undefined && home !== undefined) {
    const why = "whoever reads it can do all that the owner can";
    await examineSecrets(exam, "session secret", [session.place], why);
  }
  return session;
}

async function examineDoors(
  exam: Exam,
  status: HubStatus,
  invitation: Invitation,
  { context, home }: { readonly context: CliContext; readonly home: string | undefined },
): Promise<void> {
  const { world } = context;
  const clock = hubClock(world.clock);
  const kit: ProofKit = {
    context,
    clock,
    store: emptyStore,
    ...(home === undefined ? {} : { hubFolder: resolve(home) }),
  };
  const joins = await examineWay(exam, "join", status.joinAddress, world);
  if (!joins) exam.untried(["join proof", "clock"], "the listener does not answer");
  const chain = joins ? await examineJoin(exam, invitation, kit) : undefined;
  const nodes = await examineWay(exam, "node", status.nodeAddress, world);
  if (nodes && chain !== undefined) await examineNodeDoor(exam, status.nodeAddress, chain, kit);
  else
    exam.untried(behindTheDoors, nodes ? "the hub is not proved" : "the listener does not answer");
}
