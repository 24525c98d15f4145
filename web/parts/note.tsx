import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Command } from "./copy.tsx";
import { Icon, type IconName } from "./icon.tsx";
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

/** Nothing is here: why, what to do, and what to type for it. */
export function Empty(props: {
  icon: IconName;
  title: string;
  children: ReactNode;
  command?: string;
  /** Where it is one of several on a page. */
  small?: boolean;
}) {
  const { small = false, command } = props;
  return (
    <div
      className={`mx-auto flex ${small ? "max-w-none gap-4 p-5" : "max-w-xl flex-col items-center px-6 py-12 text-center"}`}
    >
      <span
        className={`grid shrink-0 place-items-center border border-dashed border-line-strong text-muted ${small ? "size-9 rounded-lg" : "mb-4 size-12 rounded-xl"}`}
      >
        <Icon name={props.icon} size={small ? 16 : 22} />
      </span>
      <div className={`min-w-0 ${small ? "flex-1" : "w-full"}`}>
        <h2 className={`font-semibold ${small ? "text-sm" : "text-base"}`}>{props.title}</h2>
        <div className="mx-auto mt-1 text-sm text-pretty text-muted">{props.children}</div>
        {command && (
          <div className={`max-w-xl text-left ${small ? "mt-3" : "mx-auto mt-5"}`}>
            <Command text={command} />
          </div>
        )}
      </div>
    </div>
  );
}

/** What may not be seen here: why, and who can change that. */
export function Closed({ why }: { why: string }) {
  return (
    <div className="flex items-center gap-4 p-5">
      <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-sunken text-muted">
        <Icon name="block" />
      </span>
      <p className="text-sm text-muted">{why}</p>
    </div>
  );
}
