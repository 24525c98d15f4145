import { Link } from "@tanstack/react-router";
import type { Connection } from "../../parts/follow.ts";
import { Icon, Mark } from "../../parts/icon.tsx";
import { Name } from "../../parts/name.tsx";
import { useSession } from "../../shell/session.tsx";
import type { Detail } from "./layout.ts";

/** The hub, in the middle of its nodes. */
export function HubCard({ connection, detail }: { connection: Connection; detail: Detail }) {
  const { trustDomain, tenant } = useSession();
  const live = connection.state === "live";
  const small = detail === "dot";
  return (
    <Link
      className={`absolute flex -translate-1/2 flex-col items-center justify-center rounded-2xl border-2 bg-raised text-center shadow-lift ${live ? "border-accent" : "border-offline"} ${small ? "size-20" : "h-20 w-36"}`}
      tabIndex={-1}
      to="/hub"
    >
      <span className="flex items-center gap-1.5 text-sm font-semibold">
        <Mark size={small ? 20 : 18} />
        {!small && "Hub"}
      </span>
      {!small && (
        <Name className="max-w-32 text-2xs text-muted" text={`${tenant} · ${trustDomain}`} />
      )}
      <span
        className={`mt-0.5 inline-flex items-center gap-1 text-2xs font-medium ${live ? "text-online" : "text-offline"}`}
      >
        <Icon name={live ? "online" : "offline"} size={11} />
        {live ? "Live" : "Not live"}
      </span>
    </Link>
  );
}
