import { useMutation } from "@connectrpc/connect-query";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { TextField } from "../../parts/field.tsx";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";

const reasonMax = 500;

interface RemovePeerProps {
  readonly trustDomain: string;
  readonly onClose: () => void;
}

/** Ends the trust in another hub. */
export function RemovePeerDialog({ trustDomain, onClose }: RemovePeerProps) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const [reason, setReason] = useState("");
  const remove = useMutation(LinkService.method.removePeer, {
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title="Trust the peer no more">
      <form
        className="flex flex-col gap-4 text-left"
        onSubmit={(event) => {
          event.preventDefault();
          remove.mutate({ requestId, trustDomain, reason });
        }}
      >
        <Name className="font-medium" text={trustDomain} />
        <p className="text-sm text-muted">
          Its live connections are cut at once, and nothing crosses any more. What it told stays in
          the log.
        </p>
        <TextField label="Why" lengthMax={reasonMax} onChange={setReason} required value={reason} />
        {remove.error !== null && <TroubleNote error={remove.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button busy={remove.isPending} tone="danger" type="submit">
            Remove the peer
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
