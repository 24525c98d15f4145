import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

/** Leads from a figure to the signed event that it stands on. */
export function EvidenceLink({ cursor, what }: { cursor: bigint; what: string }) {
  return (
    <Link
      aria-label={`Evidence for ${what}`}
      className="inline-grid size-7 place-items-center rounded-md text-muted hover:bg-accent-ground hover:text-accent"
      search={(search) => ({ ...search, evidence: String(cursor) })}
      title={`Signed evidence: event ${cursor}`}
      to="."
    >
      <Icon name="seal" size={15} />
    </Link>
  );
}

/** A figure that leads to the signed event that says it. */
export function EvidenceFigure(props: { cursor: bigint; what: string; children: ReactNode }) {
  const { cursor, what, children } = props;
  if (cursor <= 0n) return <span className="figures">{children}</span>;
  return (
    <Link
      className="figures underline decoration-line-strong decoration-dotted underline-offset-4 hover:text-accent hover:decoration-accent"
      search={(search) => ({ ...search, evidence: String(cursor) })}
      title={`Signed evidence: event ${cursor}`}
      to="."
    >
      {children}
      <span className="sr-only">, evidence for {what}</span>
    </Link>
  );
}

const linksMax = 16;

/** Several events that a figure stands on, each under its cursor. */
export function EvidenceLinks({ cursors, what }: { cursors: readonly bigint[]; what: string }) {
  return (
    <span className="inline-flex flex-wrap gap-1">
      {cursors.slice(0, linksMax).map((cursor) => (
        <Link
          aria-label={`Evidence for ${what}: event ${cursor}`}
          className="figures inline-flex h-6 items-center gap-1 rounded-md border border-line px-1.5 font-mono text-2xs text-muted hover:border-accent hover:bg-accent-ground hover:text-accent"
          key={String(cursor)}
          search={(search) => ({ ...search, evidence: String(cursor) })}
          title={`Signed evidence: event ${cursor}`}
          to="."
        >
          <Icon name="seal" size={12} />
          {String(cursor)}
        </Link>
      ))}
    </span>
  );
}
