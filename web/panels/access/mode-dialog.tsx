import { useMutation } from "@connectrpc/connect-query";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { TextField } from "../../parts/field.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import type { ModeLook } from "./mode.ts";

const reasonMax = 500;

interface ModeDialogProps {
  readonly wish: ModeLook;
  readonly before: ModeLook | undefined;
  readonly onClose: () => void;
}

/** Says what another mode means, and asks once more. */
export function ModeDialog({ wish, before, onClose }: ModeDialogProps) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const [reason, setReason] = useState("");
  const change = useMutation(AccessService.method.setAccessMode, {
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={`Change the mode to ${wish.word}`}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ requestId, mode: wish.mode, reason });
        }}
      >
        <p className="text-sm">
          {before === undefined ? "From now on: " : `From now on instead of ${before.word}: `}
          <span className="text-muted">{wish.meaning}</span>
        </p>
        <p className="text-sm text-muted">
          It holds at once. Who is a node already stays one; who joins at this moment is judged
          anew.
        </p>
        <TextField
          hint="Shown beside the mode, and in the log."
          label="Why (if you like)"
          lengthMax={reasonMax}
          onChange={setReason}
          value={reason}
        />
        {change.error !== null && <TroubleNote error={change.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button busy={change.isPending} tone="strong" type="submit">
            Change to {wish.word}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
