import { useMutation } from "@connectrpc/connect-query";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { streamKey } from "./stream-key.ts";

/** Says what a repair does, and asks once more. */
export function RepairDialog({ stream, onClose }: { stream: Stream; onClose: () => void }) {
  const [requestId] = useState(newRequestId);
  const repair = useMutation(CollectionService.method.repairStream);
  return (
    <Dialog onClose={onClose} title="Repair the stream">
      <div className="flex flex-col gap-4 text-sm">
        <code className="font-mono text-xs">{streamKey(stream)}</code>
        <p className="text-muted">
          Counts all cells anew and begins a new life of the log. Whoever differs from it begins
          with a snapshot. No value is lost.
        </p>
        {repair.error !== null && <TroubleNote error={repair.error} />}
        {repair.data && (
          <p role="status">
            {repair.data.changed
              ? "Repaired: what was kept differed from what was counted."
              : "Nothing to repair: what is kept is what was counted."}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{repair.data ? "Close" : "Leave it"}</Button>
          {!repair.data && (
            <Button
              busy={repair.isPending}
              onClick={() => repair.mutate({ requestId, stream })}
              tone="danger"
            >
              Repair it
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
