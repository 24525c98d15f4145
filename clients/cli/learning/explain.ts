import type {
  NodeTrust,
  TrustInput,
  TrustLevel,
} from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import {
  ExplainTrustResponseSchema,
  LearningService,
  SetTrustLevelResponseSchema,
} from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import type { CliContext } from "../context.ts";
import { dim, strong, type Piece } from "../paint.ts";
import { figureText, inputName, latencyText, levelName, scoreText, valueText } from "./words.ts";

type Pair = readonly [string, Piece];

/** Why a node stands where it does, or stood after an older cycle. */
export async function explainTrust(context: CliContext, node: string, cycleId = ""): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(LearningService).explainTrust({ node, cycleId }, hub.call);
  await print.answer(ExplainTrustResponseSchema, answer, async () => {
    const { trust, formula } = answer;
    if (trust === undefined) {
      if (cycleId !== "") print.line(`Cycle ${cycleId} did not look at ${node}.`);
      else print.line(`No cycle looked at ${node} yet. Run one now: foedus learning run`);
      return;
    }
    await print.pairs(standing(trust));
    print.line();
    await print.table(["INPUT", "WEIGHT", "VALUE", "BECAUSE", "EVENTS"], trust.inputs.map(rowOf));
    print.line();
    print.line(formula);
    for (const because of trust.because) print.line(because);
    print.note("");
    print.note("One of the events, proved here: foedus event show CURSOR");
  });
}

/** Gives a node a level. */
export async function setLevel(
  context: CliContext,
  node: string,
  level: TrustLevel,
  reason: string,
): Promise<void> {
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), node, level, reason };
  const answer = await hub.as(LearningService).setTrustLevel(request, hub.call);
  await context.print.answer(SetTrustLevelResponseSchema, answer, () => {
    const { nodeName = node, level: now = level } = answer.trust ?? {};
    context.print.line(strong(nodeName), ` is ${levelName(now)}.`);
    for (const because of answer.trust?.because.slice(0, 1) ?? []) context.print.line(because);
  });
}

function standing(trust: NodeTrust): Pair[] {
  const { claimedScore, claimCursor } = trust;
  const claim =
    claimedScore === undefined ? dim("nothing") : `${claimedScore}, in event ${claimCursor}`;
  return [
    ["Node", strong(trust.nodeName)],
    ["Score", scoreText(trust.score)],
    ["It claims", claim],
    ["Level", levelName(trust.level)],
    ["Reputation", figureText(trust.reputation, 3)],
    ["Round trip", latencyText(trust.latencyMs)],
  ];
}

const cursorsMax = 3;

function rowOf({ kind, weight, value, detail, evidenceCursors }: TrustInput): Piece[] {
  const more = evidenceCursors.length - cursorsMax;
  const cursors = evidenceCursors.slice(0, cursorsMax).join(", ");
  const events = more > 0 ? `${cursors} and ${more} more` : cursors;
  return [
    inputName(kind),
    weight.toFixed(2),
    valueText(value),
    detail,
    events === "" ? dim("measured here") : events,
  ];
}
