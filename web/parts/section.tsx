import type { ReactNode } from "react";
import { EvidenceLink } from "./evidence.tsx";
import type { Fact } from "./fact.ts";
import { Ago } from "./time.tsx";

/** A part of a panel; where it stands on an event, that event is one press away. */
export function Section(props: { title: string; fact?: Fact | undefined; children: ReactNode }) {
  const { title, fact, children } = props;
  return (
    <section>
      <header className="flex min-h-7 items-center justify-between gap-2">
        <h3 className="text-xs font-semibold text-muted">{title}</h3>
        {fact && (
          <span className="text-2xs text-muted">
            told <Ago at={fact.event.timeMs} />
          </span>
        )}
      </header>
      {children}
    </section>
  );
}

/** A name, a figure, and the signed event that says so. */
export function Figure(props: { name: string; value: string; fact: Fact }) {
  return (
    <div className="flex min-h-9 items-center gap-3 py-0.5">
      <dt className="w-32 shrink-0 text-muted">{props.name}</dt>
      <dd className="figures min-w-0 flex-1 wrap-anywhere">
        <bdi>{props.value}</bdi>
      </dd>
      <dd className="shrink-0">
        <EvidenceLink cursor={props.fact.cursor} what={props.name} />
      </dd>
    </div>
  );
}

/** Where a node has not told something yet. */
export function NotTold({ what }: { what: string }) {
  return <p className="text-sm text-muted">Unknown: this node has told no {what} yet.</p>;
}
