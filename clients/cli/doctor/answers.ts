import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { CapabilityState, type HubStatus } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { CliContext } from "../context.ts";
import type { Failure } from "../failure.ts";
import type { HubClient } from "../hub-client.ts";
import { roleName } from "../names.ts";
import { ownVersion } from "../version.ts";
import { tripText } from "../words/span.ts";
import type { Exam, Remedy, Told } from "./exam.ts";

/** What is asked of a hub that answers. */
export const answers = ["session", "version", "capabilities", "round trip"];

const callsMeasured = 5;
const roundTripDoubtfulMs = 1_000;

/** What the hub says of itself, and how soon. */
export async function examineAnswers(
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
    { remedy: notAHub },
  );
  if (who === undefined) {
    exam.untried(answers.slice(1), "the hub does not know us");
    return undefined;
  }
  const status = await exam.step("version", () => statusOf(hub), tellVersion);
  if (status === undefined) {
    exam.untried(answers.slice(2), "the hub told no status");
    return undefined;
  }
  await exam.step("capabilities", () => status, tellCapabilities);
  await exam.step("round trip", () => medianMs(hub, world), tellTrip);
  return status;
}

/** Somebody took the call, and does not speak as a hub does. */
function notAHub({ reason }: Failure): Remedy | undefined {
  if (reason !== Reason.HUB_UNREACHABLE) return undefined;
  const why = "whoever listens there is no hub, or a broken one: commands end here";
  return { why, fix: "correct the address (FOEDUS_HUB, or the context), or look at the hub's log" };
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
    doubt: {
      why: "what only the newer one knows cannot be asked or shown",
      fix: "upgrade the older of the two",
    },
  };
}

function tellCapabilities({ capabilities }: HubStatus): Told {
  const failing = capabilities.filter((one) => one.state !== CapabilityState.SERVING);
  if (failing.length === 0) return { detail: `all ${capabilities.length} serve` };
  const words = failing.map(({ name, state, lastError }) => {
    return `${name} is ${CapabilityState[state].toLowerCase()} (${lastError || "no failure told"})`;
  });
  return {
    detail: words.join("; "),
    doubt: {
      why: "what they do is not done meanwhile",
      fix: "mend what it says; the hub tries again by itself",
    },
  };
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

function tellTrip(ms: number): Told {
  const detail = `${tripText(ms * 1_000)}, the middle of ${callsMeasured} calls`;
  if (ms <= roundTripDoubtfulMs) return { detail };
  const why = "the page and all commands feel it";
  return { detail, doubt: { why, fix: "the hub or the way to it is slow: look at its load" } };
}
