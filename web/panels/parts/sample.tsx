import { type ReactNode, useId } from "react";

/** One part of the design language: what it is for, and how it looks in its states. */
export function Sample(props: {
  name: string;
  /** When to use it, and when not. */
  when: string;
  children: ReactNode;
  /** Its frame is its own: a card, a table. */
  bare?: boolean;
}) {
  const titleId = useId();
  return (
    <section aria-labelledby={titleId} className="min-w-0" data-part={props.name}>
      <h3 className="text-sm font-semibold" id={titleId}>
        {props.name}
      </h3>
      <p className="mt-0.5 mb-2 max-w-prose text-xs text-pretty text-muted">{props.when}</p>
      <div
        className={
          props.bare
            ? "min-w-0"
            : "min-w-0 rounded-xl border border-line bg-surface p-4 shadow-card"
        }
      >
        {props.children}
      </div>
    </section>
  );
}

/** Some of them under one heading. */
export function Chapter(props: { title: string; wide?: boolean; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h2 className="mb-3 text-lg font-semibold tracking-tight">{props.title}</h2>
      <div className={`grid items-start gap-5 ${props.wide ? "" : "xl:grid-cols-2"}`}>
        {props.children}
      </div>
    </section>
  );
}

/** Things of one part in a row. */
export function Row({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-x-3 gap-y-2">{children}</div>;
}
