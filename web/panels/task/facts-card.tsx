import { type Duration, durationMs } from "@bufbuild/protobuf/wkt";
import type { Task, TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { type ReactNode, useState } from "react";
import { Tag } from "../../parts/badge.tsx";
import { Card, Facts } from "../../parts/card.tsx";
import { countText } from "../../parts/measure.ts";
import { Name, Words } from "../../parts/name.tsx";
import { spanText } from "../../parts/span.ts";
import { Ago, At } from "../../parts/time.tsx";
import { HolderLink } from "./task-link.tsx";

/** A longer one is cut in the head of the page. */
export const kindMax = 60;

/** What was asked for, with every default filled in. */
export function FactsCard({ task }: { task: Task }) {
  const [all, setAll] = useState(false);
  if (task.spec === undefined) return null;
  return (
    <Card title="What was asked for">
      <div className="px-5 py-2">
        <Facts>
          <Turn spec={task.spec} task={task} />
          <Needs spec={task.spec} />
          <Labels labels={task.spec.labels} name="Labels" />
          <Limits all={all} task={task} />
          <Origin spec={task.spec} task={task} />
        </Facts>
        <div className="border-t border-line py-2">
          <button
            aria-expanded={all}
            className="min-h-6 rounded-sm text-xs font-medium text-accent hover:underline"
            onClick={() => setAll(!all)}
            type="button"
          >
            {all ? "Fewer limits" : "All limits and retries"}
          </button>
        </div>
      </div>
    </Card>
  );
}

/** Who asked for it, and when its turn comes. */
function Turn({ task, spec }: { task: Task; spec: TaskSpec }) {
  const { kind, priority, fairnessKey, startTime, deadline } = spec;
  return (
    <>
      <Fact name="Submitted">
        <Ago at={task.createTime} />
        <Name className="text-xs text-muted" text={task.submitter} />
      </Fact>
      {kind.length > kindMax && <Fact name="Kind">{kind}</Fact>}
      <Fact name="Priority">{priority} of 10</Fact>
      {fairnessKey !== "" && <Fact name="Fairness key">{fairnessKey}</Fact>}
      {startTime && (
        <Fact name="Not before">
          <At at={startTime} />
        </Fact>
      )}
      {deadline && (
        <Fact name="Deadline">
          <At at={deadline} />
        </Fact>
      )}
    </>
  );
}

/** Where it comes from, and who wanted it to stop. */
function Origin({ task, spec }: { task: Task; spec: TaskSpec }) {
  const { scheduleId, cancellation } = task;
  return (
    <>
      {spec.uniqueKey !== "" && <Fact name="Unique key">{spec.uniqueKey}</Fact>}
      {scheduleId !== "" && (
        <Fact name="Schedule">
          <code className="font-mono text-xs">{scheduleId}</code>
        </Fact>
      )}
      {cancellation && (
        <Fact name="Called off">
          <Ago at={cancellation.time} />
          <span className="block text-xs text-muted">by {cancellation.caller}</span>
          <Words className="text-xs text-muted" text={cancellation.reason} />
        </Fact>
      )}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-9 items-baseline gap-3 py-1.5">
      <dt className="w-24 shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 flex-1 wrap-anywhere">{children}</dd>
    </div>
  );
}

function Needs({ spec: { needs } }: { spec: TaskSpec }) {
  const { nodeId = "", capabilities = [], labels = {}, model = "" } = needs ?? {};
  return (
    <>
      {nodeId !== "" && (
        <Fact name="Only on">
          <HolderLink nodeId={nodeId} />
        </Fact>
      )}
      {capabilities.length > 0 && (
        <Fact name="Needs">
          <span className="flex flex-wrap gap-1">
            {capabilities.map((each) => (
              <Tag key={each}>{each}</Tag>
            ))}
          </span>
        </Fact>
      )}
      {model !== "" && (
        <Fact name="Needs model">
          <Tag>{model}</Tag>
        </Fact>
      )}
      <Labels labels={labels} name="Needs labels" />
    </>
  );
}

function Labels({ labels, name }: { labels: Readonly<Record<string, string>>; name: string }) {
  const pairs = Object.entries(labels);
  if (pairs.length === 0) return null;
  return (
    <Fact name={name}>
      <span className="flex flex-wrap gap-1">
        {pairs.map(([key, value]) => (
          <Tag key={key}>{`${key}=${value}`}</Tag>
        ))}
      </span>
    </Fact>
  );
}

/** How long, how often, for how much: what is not said is not limited. */
function Limits({ task: { spec, attempt }, all }: { task: Task; all: boolean }) {
  const { timeouts, retry, budget, hopLimit } = spec ?? {};
  return (
    <>
      <Fact name="Attempts">
        <span className="figures">
          {attempt?.number ?? 0} of {countText(retry?.maximumAttempts)}
        </span>
      </Fact>
      {budget && (
        <Fact name="Budget">
          <span className="figures">
            {countText(budget.spent)} of {countText(budget.limit)} {budget.unit}
          </span>
        </Fact>
      )}
      {all && (
        <>
          <Span name="To be claimed" of={timeouts?.scheduleToStart} />
          <Span name="An attempt" of={timeouts?.startToClose} />
          <Span name="In all" of={timeouts?.scheduleToClose} />
          <Span name="Sign of life" of={timeouts?.heartbeat} />
          <Span name="First retry" of={retry?.initialInterval} />
          <Fact name="Each later">{retry?.backoffCoefficient} times as long</Fact>
          <Span name="At most" of={retry?.maximumInterval} />
          {(retry?.nonRetryableReasons.length ?? 0) > 0 && (
            <Fact name="No retry for">{retry?.nonRetryableReasons.join(", ")}</Fact>
          )}
          <Fact name="Hops left">{hopLimit}</Fact>
        </>
      )}
    </>
  );
}

function Span({ name, of }: { name: string; of: Duration | undefined }) {
  return <Fact name={name}>{of === undefined ? "no limit" : spanText(durationMs(of))}</Fact>;
}
