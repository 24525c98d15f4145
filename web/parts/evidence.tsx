import { Link } from "@tanstack/react-router";
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
