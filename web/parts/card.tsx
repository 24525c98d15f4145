import type { ReactNode } from "react";

/** A quiet box with a title. */
export function Card(props: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="min-w-0 rounded-xl border border-line bg-surface shadow-card">
      <header className="flex min-h-13 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-5 py-2">
        <h2 className="text-base font-semibold tracking-tight">{props.title}</h2>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}

/** Names and values, one below the other. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="divide-y divide-line text-sm">{children}</dl>;
}

/** One name and its value. */
export function FactRow(props: { name: string; children: ReactNode; aside?: ReactNode }) {
  return (
    <div className="flex min-h-9 items-center gap-3 py-1.5">
      <dt className="w-32 shrink-0 text-muted">{props.name}</dt>
      <dd className="min-w-0 flex-1 wrap-anywhere">{props.children}</dd>
      {props.aside && <dd className="shrink-0">{props.aside}</dd>}
    </div>
  );
}
