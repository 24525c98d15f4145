import { useMutation } from "@connectrpc/connect-query";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { TextField } from "../../parts/field.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import type { RuleList } from "./rule-list.ts";

const reasonMax = 500;

/** Empties a whole list, with a reason. */
export function ResetDialog({ list, onClose }: { list: RuleList; onClose: () => void }) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const [reason, setReason] = useState("");
  const reset = useMutation(AccessService.method.resetRules, {
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={`Empty the ${list.name}`}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          reset.mutate({ requestId, kind: list.kind, reason });
        }}
      >
        <p className="text-sm text-muted">
          Every line is taken off, those not in sight too. The log keeps what they were.
        </p>
        <TextField label="Why" lengthMax={reasonMax} onChange={setReason} required value={reason} />
        {reset.error !== null && <TroubleNote error={reset.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button busy={reset.isPending} tone="danger" type="submit">
            Empty the list
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
