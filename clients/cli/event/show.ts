import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { utcText } from "@foedus/kernel/time.ts";
import { sourceOf } from "@foedus/sdk/event/verify.ts";
import type { CliContext } from "../context.ts";
import { bad, good, strong, unknown, type Piece } from "../paint.ts";
import { agoText } from "../words/span.ts";
import { evidenceJson, judge, type Verdict } from "./evidence.ts";
import { eventJson } from "./line.ts";
import { payloadJson } from "./payload.ts";
import { openSources } from "./sources.ts";

/** Shows one event and what proves it. @throws Fault EVENT_NOT_PROVED after showing it. */
export async function showEvent(context: CliContext, cursor: bigint): Promise<void> {
  const { print, world } = context;
  const hub = await context.hub();
  const answer = await hub.as(EventService).getEvent({ cursor }, hub.call);
  const sources = await openSources(hub, world);
  const source = answer.event === undefined ? "" : (sourceOf(answer.event) ?? "");
  const identity = sources.identityOf(source);
  const verdict = judge(answer, identity);
  const name = await sources.nameOf(source);
  if (print.output === "json") {
    tellPrograms(context, cursor, verdict, name);
  } else {
    const own =
      identity === undefined ? "the hub's own key, as it tells" : `key of ${name}, since it joined`;
    await tellPeople(context, { stored: answer.event, verdict, name, own, nowMs: hub.nowMs() });
  }
  const { problem: detail } = verdict;
  if (detail !== undefined) throw new Fault(Reason.EVENT_NOT_PROVED, { cursor, detail });
}

function tellPrograms({ print }: CliContext, cursor: bigint, verdict: Verdict, name: string): void {
  const { event, evidence, problem } = verdict;
  print.json({
    cursor: String(cursor),
    name,
    event: event === undefined ? null : eventJson(event),
    evidence: evidenceJson(evidence),
    proved: problem === undefined,
    ...(problem === undefined ? {} : { problem }),
  });
}

interface Shown {
  readonly stored: StoredEvent | undefined;
  readonly verdict: Verdict;
  readonly name: string;
  /** Whose key it is, and how we know. */
  readonly own: string;
  readonly nowMs: number;
}

async function tellPeople({ print }: CliContext, shown: Shown): Promise<void> {
  const { stored, verdict, name, nowMs } = shown;
  const { event, evidence, problem } = verdict;
  const when = (ms: bigint | undefined): Piece =>
    ms === undefined ? unknown : `${agoText(Number(ms), nowMs)} (${utcText(Number(ms))})`;
  await print.pairs([
    ["Event", strong(`#${stored?.cursor ?? 0n}, ${event?.type ?? "unreadable"}`)],
    ["From", `${name} (${event?.source ?? "unknown"})`],
    ["About", event?.subject === "" ? "its source" : (event?.subject ?? unknown)],
    ["Told", when(event?.timeMs)],
    ["Stored", when(stored?.receivedMs)],
    ["Counted", event ? `${event.stream}/${event.epoch}/${event.sequence}` : unknown],
  ]);
  print.line();
  const payload = event === undefined ? undefined : payloadJson(event);
  const text =
    payload === undefined ? "of a family unknown here" : JSON.stringify(payload, null, 2);
  for (const line of text.split("\n")) print.line(line);
  print.line();
  const { leafIndex, treeSize, path } = evidence;
  await print.pairs([
    ["Leaf", evidence.leaf],
    ["Place", `${leafIndex + 1} of ${treeSize} that were signed together`],
    ...path.map((hash, at): [string, string] => [at === 0 ? "Beside it" : "", hash]),
    ["Root", evidence.root === "" ? bad("the path leads nowhere") : evidence.root],
    ["Signature", evidence.signature],
    ["Key", `${evidence.keyId}, ${shown.own}`],
  ]);
  print.line();
  if (problem === undefined) print.line(good(`Proved here: ${name} signed exactly this.`));
  else print.line(bad(`NOT proved: ${problem}.`));
}
