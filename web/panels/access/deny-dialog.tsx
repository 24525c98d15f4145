import { useMutation } from "@connectrpc/connect-query";
import type { JoinRequest } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, TextField } from "../../parts/field.tsx";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { Fingerprint } from "./fingerprint.tsx";

const reasonMax = 500;

/** Refuses a newcomer, tells it why, and on wish keeps its key out for good. */
export function DenyDialog({ request, onClose }: { request: JoinRequest; onClose: () => void }) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const [reason, setReason] = useState("");
  const [block, setBlock] = useState(false);
  const deny = useMutation(AccessService.method.denyJoin, {
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title="Deny the newcomer">
      <form
        className="flex flex-col gap-4 text-left"
        onSubmit={(event) => {
          event.preventDefault();
          deny.mutate({ requestId, joinRequestId: request.id, reason, block });
        }}
      >
        <div>
          <Name className="font-medium" text={request.name || "any name"} />
          <Fingerprint small text={request.fingerprint} />
        </div>
        <TextField
          hint="Told to the newcomer."
          label="Why"
          lengthMax={reasonMax}
          onChange={setReason}
          required
          value={reason}
        />
        <CheckField
          checked={block}
          hint="Without this it may ask again."
          label="Put its key on the block list"
          onChange={setBlock}
        />
        {deny.error !== null && <TroubleNote error={deny.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it waiting</Button>
          <Button busy={deny.isPending} icon="block" tone="danger" type="submit">
            Deny
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
