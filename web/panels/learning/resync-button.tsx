import { useMutation } from "@connectrpc/connect-query";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { clip, countText } from "../../parts/measure.ts";
import { troubleOf } from "../../parts/trouble.ts";
import { useMay } from "../../shell/session.tsx";
import { latencyText } from "./score.ts";

const troubleMax = 160;

/** Runs a cycle now, and says what came of it. */
export function ResyncButton() {
  const client = useQueryClient();
  const may = useMay(LearningService.method.runCycle);
  const requestId = useRef(newRequestId());
  const run = useMutation(LearningService.method.runCycle, {
    onSuccess: async () => {
      // Only the next press is another decision; a repeat after a lost answer is the same one.
      requestId.current = newRequestId();
      await client.invalidateQueries();
    },
  });
  return (
    <span className="flex flex-wrap items-center gap-3">
      <span className="text-xs" role="status">
        {run.isPending && <span className="text-muted">Running a cycle …</span>}
        {run.data?.cycle && !run.isPending && (
          <span className="text-online">
            Done in {latencyText(run.data.cycle.tookMs)}:{" "}
            {countText(run.data.cycle.aggregate?.participants)} scored,{" "}
            {countText(run.data.cycle.aggregate?.unknown)} unknown
          </span>
        )}
        {run.error !== null && (
          <span className="text-offline">{clip(troubleOf(run.error).text, troubleMax)}</span>
        )}
      </span>
      <Button
        busy={run.isPending}
        icon="again"
        onClick={() => run.mutate({ requestId: requestId.current })}
        {...(may.allowed ? {} : { refusal: may.why })}
      >
        Resync
      </Button>
    </span>
  );
}
