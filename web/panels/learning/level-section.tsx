import type { NodeTrust } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { FactRow, Facts } from "../../parts/card.tsx";
import { Words } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { useMay } from "../../shell/session.tsx";
import { LevelDialog } from "./level-dialog.tsx";
import { latencyText, levelName } from "./score.ts";

const becauseMax = 8;

/** How it was verified and how it kept its promises, each with its reason. */
export function LevelSection({ trust }: { trust: NodeTrust }) {
  const [asking, setAsking] = useState(false);
  const may = useMay(LearningService.method.setTrustLevel);
  return (
    <Section title="Level and reputation">
      <Facts>
        <FactRow
          aside={
            <Button
              onClick={() => setAsking(true)}
              tone="quiet"
              {...(may.allowed ? {} : { refusal: may.why })}
            >
              Change
            </Button>
          }
          name="Level"
        >
          {levelName(trust.level)}
        </FactRow>
        <FactRow name="Reputation">
          <span className="figures">
            {trust.reputation === undefined ? "unknown" : `${trust.reputation.toFixed(3)} of 1`}
          </span>
        </FactRow>
        <FactRow name="Latency">
          <span className="figures">{latencyText(trust.latencyMs)}</span>
        </FactRow>
      </Facts>
      <ul className="mt-2 flex flex-col gap-1 text-xs text-muted">
        {trust.because.slice(0, becauseMax).map((because) => (
          <li key={because}>
            <Words text={because} />
          </li>
        ))}
      </ul>
      {asking && <LevelDialog onClose={() => setAsking(false)} trust={trust} />}
    </Section>
  );
}
