import { Link } from "@tanstack/react-router";
import type { Connection } from "../../../parts/follow.ts";
import { Icon, Mark } from "../../../parts/icon.tsx";
import { Name } from "../../../parts/name.tsx";
import { useSession } from "../../../shell/session.tsx";
import type { Level } from "./level.ts";

/** What the mark of the hub shows. */
export interface HubMarkProps {
  readonly connection: Connection;
  readonly level: Level;
}

/** The hub, in the middle of its nodes. */
export function HubMark({ connection, level }: HubMarkProps) {
  const { trustDomain, tenant } = useSession();
  const live = connection.state === "live";
  const small = level !== "card";
  return (
    <Link
      className={`map-mark flex flex-col items-center justify-center border-2 bg-raised text-center shadow-lift ${live ? "border-accent" : "border-offline"} ${small ? "map-still h-11 w-24 rounded-xl" : "h-20 w-36 rounded-2xl"}`}
      tabIndex={-1}
      to="/hub"
    >
      <span className="flex items-center gap-1.5 text-sm font-semibold">
        <Mark size={small ? 15 : 18} />
        Hub
      </span>
      {!small && (
        <Name className="max-w-32 text-2xs text-muted" text={`${tenant} · ${trustDomain}`} />
      )}
      <span
        className={`inline-flex items-center gap-1 text-2xs font-medium ${live ? "text-online" : "text-offline"}`}
      >
        <Icon name={live ? "online" : "offline"} size={11} />
        {live ? "Live" : "Not live"}
      </span>
    </Link>
  );
}
