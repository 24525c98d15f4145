import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Command } from "./copy.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { Ago } from "./time.tsx";
import { type Trouble, troubleOf } from "./trouble.ts";

/** Something went wrong: what, why, and what mends it. */
export function TroubleNote({ error, retry }: { error: unknown; retry?: () => void }) {
  return <TroubleCard trouble={troubleOf(error)} {...(retry && { retry })} />;
}

/** The same for a trouble that was read before. */
export function TroubleCard({ trouble, retry }: { trouble: Trouble; retry?: () => void }) {
  const { reason, text, cause, fix, facts } = trouble;
  return (
    <div className="max-w-xl rounded-xl border border-offline bg-surface p-4 text-sm" role="alert">
      <p className="flex items-center gap-2 font-semibold text-offline">
        <Icon name="offline" />
        <span className="wrap-anywhere">{text || "the call failed"}</span>
      </p>
      {cause && <p className="mt-1.5 text-muted">Likely cause: {cause}.</p>}
      {fix && <p className="mt-1.5 wrap-anywhere">What mends it: {fix}</p>}
      <dl className="mt-2 flex flex-wrap gap-x-4 gap-y-1 font-mono text-xs text-muted">
        {reason && <Fact name="reason" value={reason} />}
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
      {retry && (
        <div className="mt-3">
          <Button onClick={retry}>Try again</Button>
        </div>
      )}
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex gap-1.5">
      <dt>{name}</dt>
      <dd className="wrap-anywhere text-ink">{value.slice(0, 300)}</dd>
    </div>
  );
}

/** Nothing is here: why, and what to type next. */
export function Empty(props: {
  icon: IconName;
  title: string;
  children: ReactNode;
  command?: string;
  /** Where it is one of several on a page. */
  small?: boolean;
}) {
  const { small = false } = props;
  return (
    <div
      className={`mx-auto flex max-w-lg flex-col items-center px-6 text-center ${small ? "py-7" : "py-14"}`}
    >
      {!small && (
        <span className="mb-4 grid size-12 place-items-center rounded-2xl bg-sunken text-muted">
          <Icon name={props.icon} size={22} />
        </span>
      )}
      <h2 className={`font-semibold ${small ? "text-sm" : "text-base"}`}>{props.title}</h2>
      <div className="mt-1.5 text-sm text-muted">{props.children}</div>
      {props.command && (
        <div className={`w-full text-left ${small ? "mt-3" : "mt-5"}`}>
          <Command text={props.command} />
        </div>
      )}
    </div>
  );
}

/** The one shape of waiting: for what, since when, who can end it, and how. */
export function Waiting(props: { what: string; sinceMs: number; who: string; command?: string }) {
  return (
    <div className="rounded-xl border border-line bg-surface p-4 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <Icon name="wait" /> Waiting for {props.what}
      </p>
      <p className="mt-1 mb-2 text-muted">
        since <Ago at={props.sinceMs} />; {props.who} can end it
        {props.command ? " with" : "."}
      </p>
      {props.command && <Command text={props.command} />}
    </div>
  );
}
