import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Cycle } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import {
  LearningService,
  ListCyclesResponseSchema,
} from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import type { CliContext } from "../context.ts";
import { dim, unknown, type Piece } from "../paint.ts";
import { agoText } from "../words/span.ts";
import { figureText, healthText, keptText, latencyText } from "./words.ts";

/** Lists the newest cycles. */
export async function listCycles(context: CliContext, last: number): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const page = { size: last, token: "" };
  const answer = await hub.as(LearningService).listCycles({ page }, hub.call);
  await print.answer(ListCyclesResponseSchema, answer, async () => {
    if (answer.cycles.length === 0) {
      print.line("No cycle has run yet. Run one now: foedus learning run");
      return;
    }
    const nowMs = hub.nowMs();
    const head = ["ENDED", "NETWORK", "MEAN", "ROBUST", "DEVIATION", "NODES", "UNKNOWN"];
    await print.table(
      [...head, "ROUND TRIP", "ASKED BY", "CYCLE"],
      answer.cycles.map((cycle) => rowOf(cycle, nowMs)),
    );
    print.note("");
    print.note(`Kept: ${keptText(answer.kept)}.`);
  });
}

function rowOf({ id, endTime, aggregate, askedBy }: Cycle, nowMs: number): Piece[] {
  return [
    endTime === undefined ? unknown : agoText(timestampMs(endTime), nowMs),
    healthText(aggregate?.networkHealth),
    figureText(aggregate?.averageTrust),
    figureText(aggregate?.robustMean),
    figureText(aggregate?.trustStdDeviation),
    String(aggregate?.participants ?? 0),
    String(aggregate?.unknown ?? 0),
    latencyText(aggregate?.averageLatencyMs),
    askedBy === "" ? dim("the clock") : askedBy,
    id,
  ];
}
