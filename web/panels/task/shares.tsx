import { useQuery } from "@connectrpc/connect-query";
import { QueueService, type QueueShare } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { keepPreviousData } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "../../parts/button.tsx";
import { Loading } from "../../parts/loading.tsx";
import { countText } from "../../parts/measure.ts";
import { Meter } from "../../parts/meter.tsx";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { Section } from "../../parts/section.tsx";
import { Since } from "../../parts/time.tsx";
import { useAgain } from "./use-again.ts";
import { shareOf, sharePercent } from "./share.ts";

const againMs = 2_000;

/** Who waits in a queue, by priority and by fairness key, each as a share of its turns. */
export function Shares(props: {
  queue: string;
  told: unknown;
  onWeights: () => void;
  refusal: string | undefined;
}) {
  const { queue, told, onWeights, refusal } = props;
  const answer = useQuery(
    QueueService.method.getQueue,
    { queue },
    { placeholderData: keepPreviousData },
  );
  useAgain(againMs, told, () => void answer.refetch());
  if (answer.error !== null) {
    return (
      <div className="p-5">
        <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
      </div>
    );
  }
  if (answer.data === undefined) return <Loading label="Asking for the shares" lines={6} />;
  const { priorities, keys } = answer.data;
  return (
    <div className="flex flex-col gap-6 p-5">
      <Part
        empty="Nothing is ready."
        nameOf={({ name }) => `Priority ${name}`}
        shares={priorities}
        title="Ready by priority"
      >
        Each level has twice the turns of the one below it, so nothing waits for ever.
      </Part>
      <Part
        empty="Nothing is ready."
        nameOf={({ name }) => name || "without a key"}
        shares={keys}
        title="Ready by fairness key"
      >
        Keys share the queue by their weights, whoever has more waiting.
      </Part>
      <div>
        <Button onClick={onWeights} small {...(refusal !== undefined && { refusal })}>
          Change weights …
        </Button>
      </div>
    </div>
  );
}

function Part(props: {
  title: string;
  shares: readonly QueueShare[];
  nameOf: (share: QueueShare) => string;
  empty: string;
  children: ReactNode;
}) {
  const { title, shares, nameOf, empty, children } = props;
  return (
    <Section title={title}>
      <p className="text-xs text-muted">{shares.length === 0 ? empty : children}</p>
      <ul className="mt-2 flex flex-col gap-2.5">
        {shares.map((share) => (
          <li className="text-sm" key={share.name}>
            <div className="flex items-baseline gap-2">
              <Name className="flex-1" text={nameOf(share)} />
              <span className="figures font-medium">{countText(share.ready)}</span>
              <span className="figures w-12 text-right text-xs text-muted">
                {sharePercent(shareOf(share, shares))}
              </span>
            </div>
            <Meter className="mt-1 w-full" part={shareOf(share, shares)} />
            <p className="mt-0.5 flex justify-between text-2xs text-muted">
              <span>weight {countText(share.weight)}</span>
              <span>
                oldest <Since at={share.oldestReadyTime} />
              </span>
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
