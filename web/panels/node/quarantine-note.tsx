import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { EvidenceLinks } from "../../parts/evidence.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Words } from "../../parts/name.tsx";
import { Since } from "../../parts/time.tsx";

/** Why a node is cut off, since when, and what shows it. */
export function QuarantineNote({ identity }: { identity: Identity }) {
  return (
    <div className="rounded-xl border border-offline bg-offline-ground p-3 text-sm">
      <p className="flex items-center gap-2 font-semibold text-offline">
        <Icon name="block" />
        <span>
          In quarantine <Since at={identity.quarantineTime} lead="for" />
        </span>
      </p>
      <Words className="mt-1" text={identity.quarantineReason} />
      <p className="mt-1 text-xs">by {identity.quarantinedBy || "somebody"}</p>
      {identity.quarantineCursors.length > 0 && (
        <div className="mt-2">
          <EvidenceLinks cursors={identity.quarantineCursors} what="the quarantine" />
        </div>
      )}
    </div>
  );
}
