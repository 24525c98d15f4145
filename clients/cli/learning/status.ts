import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { AgreedPriority, Cycle } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import type { GetNetworkResponse } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import {
  GetNetworkResponseSchema,
  LearningService,
  RunCycleResponseSchema,
} from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import type { CliContext } from "../context.ts";
import { dim, unknown, type Piece } from "../paint.ts";
import type { Print } from "../print.ts";
import { counted } from "../words/plural.ts";
import { agoText, spanText } from "../words/span.ts";
import { figureText, healthText, latencyText, rankedText } from "./words.ts";

type Pair = readonly [string, Piece];

/** How the network is, by the newest cycle. */
export async function showNetwork(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(LearningService).getNetwork({}, hub.call);
  await print.answer(GetNetworkResponseSchema, answer, async () => {
    if (answer.cycle === undefined) return tellFirst(print, answer);
    await print.pairs([
      ...figures(answer.cycle),
      ["Most reliable", rankedText(answer.mostReliable?.nodeName, answer.mostReliable?.score)],
      ["Slowest link", slowest(answer)],
      ["Cycle", cycleText(answer.cycle, hub.nowMs())],
      ["Evidence", answer.evidenceCursor === 0n ? dim("on its way") : evidence(answer)],
      ["Next", `in ${spanText(Number(answer.nextMs))}`],
    ]);
    print.line();
    print.line(answer.cycle.summary);
    await tellPriorities(print, answer.cycle.priorities);
  });
}

/** Runs a cycle now. */
export async function runCycle(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const request = { requestId: context.newRequestId() };
  const answer = await hub.as(LearningService).runCycle(request, hub.call);
  await print.answer(RunCycleResponseSchema, answer, async () => {
    const { cycle } = answer;
    if (cycle === undefined) return;
    await print.pairs([...figures(cycle), ["Cycle", cycleText(cycle, hub.nowMs())]]);
    print.line();
    print.line(cycle.summary);
    await tellPriorities(print, cycle.priorities);
  });
}

function tellFirst(print: Print, { nextMs }: GetNetworkResponse): void {
  print.line(`No cycle has run yet; the first is due in ${spanText(Number(nextMs))}.`);
  print.line("Run one now: foedus learning run");
}

function figures({ aggregate }: Cycle): Pair[] {
  const unknowns = aggregate?.unknown ?? 0;
  const more = unknowns === 0 ? "" : `, ${unknowns} unknown`;
  return [
    ["Network", healthText(aggregate?.networkHealth)],
    ["Nodes", `${aggregate?.participants ?? 0} with a score${more}`],
    ["Mean trust", figureText(aggregate?.averageTrust)],
    ["Robust mean", figureText(aggregate?.robustMean)],
    ["Median", figureText(aggregate?.medianTrust)],
    ["Deviation", figureText(aggregate?.trustStdDeviation)],
    ["Lowest", rankedText(aggregate?.lowest?.nodeName, aggregate?.lowest?.score)],
    ["Round trip", tripText(aggregate?.averageLatencyMs, aggregate?.latencyTrendMs)],
  ];
}

function tripText(ms: number | undefined, trendMs: number | undefined): Piece {
  if (ms === undefined || trendMs === undefined) return latencyText(ms);
  return `${ms.toFixed(1)} ms, ${trendMs < 0 ? "" : "+"}${trendMs.toFixed(1)} ms since the cycle before`;
}

function slowest({ slowestLink }: GetNetworkResponse): Piece {
  if (slowestLink?.latencyMs === undefined) return unknown;
  return `${slowestLink.nodeName} (${slowestLink.latencyMs.toFixed(1)} ms)`;
}

function cycleText({ id, endTime, askedBy, tookMs }: Cycle, nowMs: number): string {
  const when = endTime === undefined ? "" : `, ${agoText(timestampMs(endTime), nowMs)}`;
  const who = askedBy === "" ? "by the clock" : `asked by ${askedBy}`;
  return `${id}${when}, ${who}, took ${spanText(tookMs)}`;
}

function evidence({ evidenceCursor }: GetNetworkResponse): string {
  return `event ${evidenceCursor}: foedus event show ${evidenceCursor}`;
}

async function tellPriorities(print: Print, agreed: readonly AgreedPriority[]): Promise<void> {
  if (agreed.length === 0) return;
  print.line();
  const head = ["AGREED PRIORITY", "WEIGHT", "CONFIDENCE", "FROM"];
  await print.table(
    head,
    agreed.map(({ topic, weight, confidence, contributions }) => [
      topic,
      weight.toFixed(2),
      confidence.toFixed(2),
      counted(contributions.length, "node"),
    ]),
  );
}
