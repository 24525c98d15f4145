import { create } from "@bufbuild/protobuf";
import type { NodeTrust } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { InputKind } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import {
  LearningService,
  ListTrustHistoryResponseSchema,
  ListTrustResponseSchema,
} from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import type { CliContext } from "../context.ts";
import { allPages } from "../pages.ts";
import type { Piece } from "../paint.ts";
import { agoText } from "../words/span.ts";
import { figureText, keptText, latencyText, levelName, scoreText, valueText } from "./words.ts";

const columns = [
  InputKind.HEARTBEATS_KEPT,
  InputKind.SIGNATURES_VALID,
  InputKind.SKEW_IN_BOUNDS,
  InputKind.SUMMARIES_FRESH,
  InputKind.CHECKS_PASSED,
];

const head = [
  "NODE",
  "SCORE",
  "HEARTBEATS",
  "SIGNATURES",
  "CLOCK",
  "SUMMARIES",
  "CHECKS",
  "CLAIMS",
  "LEVEL",
  "REPUTATION",
  "ROUND TRIP",
];

/** Where each node stands. */
export async function listTrust(context: CliContext, cycleId: string): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const client = hub.as(LearningService);
  const trust = await allPages(
    (page) => client.listTrust({ page, cycleId }, hub.call),
    (page) => page.trust,
  );
  const answer = create(ListTrustResponseSchema, { trust });
  await print.answer(ListTrustResponseSchema, answer, async () => {
    if (trust.length === 0) {
      print.line("No node stands anywhere yet. Run a cycle: foedus learning run");
      return;
    }
    const worst = trust.toSorted((a, b) => (a.score ?? -1) - (b.score ?? -1));
    await print.table(head, worst.map(rowOf));
    print.note("");
    print.note("Why, in full: foedus learning explain NODE");
  });
}

/** A node's score over time. */
export async function showHistory(context: CliContext, node: string, last: number): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const page = { size: last, token: "" };
  const answer = await hub.as(LearningService).listTrustHistory({ node, page }, hub.call);
  await print.answer(ListTrustHistoryResponseSchema, answer, async () => {
    if (answer.points.length === 0) {
      print.line(`No cycle looked at ${node} yet. Run one now: foedus learning run`);
      return;
    }
    const nowMs = hub.nowMs();
    await print.table(
      ["CYCLE ENDED", "SCORE", "MEDIAN", "ROBUST MEAN", "CYCLE"],
      answer.points.map(({ endMs, score, median, robustMean, cycleId }) => [
        agoText(Number(endMs), nowMs),
        scoreText(score),
        figureText(median),
        figureText(robustMean),
        cycleId,
      ]),
    );
    print.note("");
    print.note(`Kept: ${keptText(answer.kept)}.`);
    print.note(`Why, after one of them: foedus learning explain ${node} --cycle CYCLE`);
  });
}

function rowOf(trust: NodeTrust): Piece[] {
  const valueOf = (kind: InputKind) => trust.inputs.find((one) => one.kind === kind)?.value;
  return [
    trust.nodeName,
    scoreText(trust.score),
    ...columns.map((kind) => valueText(valueOf(kind))),
    figureText(trust.claimedScore),
    levelName(trust.level),
    figureText(trust.reputation, 2),
    latencyText(trust.latencyMs),
  ];
}
