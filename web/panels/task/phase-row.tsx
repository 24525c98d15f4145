import { timestampMs } from "@bufbuild/protobuf/wkt";
import { type Progress, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { withLocalTimes } from "../../parts/clock.ts";
import { Icon } from "../../parts/icon.tsx";
import { clip } from "../../parts/measure.ts";
import { agoText, spanText } from "../../parts/span.ts";
import { stateLook } from "./state.ts";
import { HolderLink, useNodeWords } from "./task-link.tsx";
import { type Bar, barOf, type Phase, type Timeline } from "./timeline.ts";

interface PhaseRowProps {
  readonly phase: Phase;
  readonly timeline: Timeline;
  readonly now: number;
  /** Of the attempt under way. */
  readonly progress: Progress | undefined;
  readonly leaseMs: number | undefined;
  readonly worker: string;
}

const hundred = 100;

/** One wait or one attempt: what it was, its place in time, and how long it took. */
export function PhaseRow(props: PhaseRowProps) {
  const { phase, timeline, now } = props;
  const { fromMs, untilMs } = phase;
  const isOpen = untilMs === undefined;
  return (
    <li className="px-5 py-2.5 text-sm">
      <div className="flex items-center gap-4 @max-xl:flex-wrap @max-xl:gap-y-1.5">
        <span className="flex w-60 shrink-0 items-center gap-2">
          <span className={isOpen ? "text-ink" : "text-muted"}>
            <Icon name={stateLook(phase.state).icon} />
          </span>
          <Title phase={phase} />
        </span>
        <span className="min-w-16 flex-1">
          <PhaseBar
            bar={barOf(phase, timeline, now)}
            isOpen={isOpen}
            part={isOpen ? props.progress?.fraction : undefined}
            phase={phase}
          />
        </span>
        <span className="figures w-20 shrink-0 text-right text-xs text-muted">
          {spanText((untilMs ?? Math.max(now, fromMs)) - fromMs)}
        </span>
      </div>
      <Details {...props} />
    </li>
  );
}

function Title({ phase: { state, attempt, nodeId } }: { phase: Phase }) {
  if (state !== TaskState.WORKING) {
    return <span className="truncate">{waitWords[state] ?? stateLook(state).word}</span>;
  }
  return (
    <>
      <span className="figures font-medium whitespace-nowrap">Attempt {attempt}</span>
      {nodeId !== "" && (
        <span className="-ml-0.5 flex min-w-0 items-center gap-1">
          on <HolderLink nodeId={nodeId} />
        </span>
      )}
    </>
  );
}

const waitWords: Readonly<Partial<Record<TaskState, string>>> = {
  [TaskState.SUBMITTED]: "Ready, in line",
  [TaskState.SCHEDULED]: "Delayed",
  [TaskState.BLOCKED]: "Waiting for others",
};

/** An attempt is solid, a wait is an outline: told apart without a colour. */
function PhaseBar(props: { phase: Phase; bar: Bar; isOpen: boolean; part: number | undefined }) {
  const { phase, bar, isOpen, part } = props;
  const isHeld = phase.state === TaskState.WORKING;
  const tone = isHeld
    ? phase.failure === undefined
      ? "text-accent"
      : "text-offline"
    : "text-edge";
  return (
    <span aria-hidden="true" className="relative block h-4 rounded-sm bg-sunken">
      <span
        className={`absolute inset-y-0 overflow-hidden rounded-sm border border-current ${tone}`}
        style={{
          left: `min(${bar.left * hundred}%, calc(100% - 3px))`,
          width: `max(3px, ${bar.width * hundred}%)`,
        }}
      >
        {isHeld && (
          <span
            className={`block h-full bg-current ${isOpen ? "opacity-70" : ""} transition-[width] duration-calm ease-calm`}
            style={{ width: `${(part ?? 1) * hundred}%` }}
          />
        )}
      </span>
    </span>
  );
}

/** How far it has come while it goes on, and why it ended where it failed. */
function Details(props: PhaseRowProps) {
  const { phase, progress, leaseMs, worker, now } = props;
  const { failure, untilMs, ended, notes, state } = phase;
  const named = useNodeWords();
  const plain = (text: string, length: number) => withLocalTimes(named(clip(text, length)));
  const lines = [...beganLine(phase), ...notes].map((note) => plain(note, 400));
  if (untilMs === undefined && state === TaskState.WORKING) {
    const said = progressText(progress, now);
    if (said !== "") lines.push(said);
    if (leaseMs !== undefined) lines.push(leaseText(worker, leaseMs - now));
  }
  if (failure !== undefined) lines.push(plain(ended, 600));
  if (lines.length === 0) return null;
  return (
    <div
      className={`mt-1 flex flex-col gap-0.5 pl-6 text-xs wrap-anywhere ${failure === undefined ? "text-muted" : "text-offline"}`}
    >
      {lines.map((line) => (
        <bdi className="figures" key={line}>
          {line}
        </bdi>
      ))}
    </div>
  );
}

/** What its worker said last, and how old that is: signs of life go on without a word. */
function progressText(progress: Progress | undefined, now: number): string {
  const { fraction, message = "", time } = progress ?? {};
  const far = fraction === undefined ? "" : `${Math.floor(fraction * hundred)} %`;
  const said = [far, clip(message, 300)].filter(Boolean).join(", ");
  if (said === "" || time === undefined) return said;
  return `${said} (said ${agoText(now - timestampMs(time))})`;
}

/** Who had it try again or gave it back; that it was submitted or claimed is seen anyhow. */
function beganLine({ began, caller, state }: Phase): readonly string[] {
  const isUsual = state === TaskState.WORKING || usual.has(began) || state === TaskState.SCHEDULED;
  return isUsual ? [] : [caller === "" ? began : `${began} by ${caller}`];
}

const usual: ReadonlySet<string> = new Set(["submitted", "ready"]);

function leaseText(worker: string, leftMs: number): string {
  const who = worker === "" ? "Its worker" : `Worker ${clip(worker, 64)}`;
  if (leftMs < 0) return `${who} has given no sign in time; the hub is about to take it back.`;
  return `${who} holds it for ${spanText(leftMs)} more, and renews that with each sign of life.`;
}
