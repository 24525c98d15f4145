import { useMutation } from "@connectrpc/connect-query";
import { type NodeTrust, TrustLevel } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { SelectField, TextField } from "../../parts/field.tsx";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";

const reasonMax = 500;

/** Trusted is earned and unknown is where one starts: nobody can say those. */
const choices = [
  { value: String(TrustLevel.BASIC), word: "basic: admitted, nobody looked further" },
  { value: String(TrustLevel.VERIFIED), word: "verified: I know who runs it" },
  { value: String(TrustLevel.PARTNER), word: "partner: we have an agreement" },
];

/** Says how a node was verified, or takes that back. */
export function LevelDialog({ trust, onClose }: { trust: NodeTrust; onClose: () => void }) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const [level, setLevel] = useState(TrustLevel.VERIFIED);
  const [reason, setReason] = useState("");
  const change = useMutation(LearningService.method.setTrustLevel, {
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title="Change the trust level">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ requestId, node: trust.nodeId, level, reason });
        }}
      >
        <Name className="font-medium" text={trust.nodeName} />
        <p className="text-sm text-muted">
          A level says how somebody was verified. It does not change the score, which is computed.
        </p>
        <SelectField
          label="Level"
          onChange={(value) => setLevel(Number(value))}
          options={choices}
          value={String(level)}
        />
        <TextField
          hint="How it was verified, or why that is taken back."
          label="Why"
          lengthMax={reasonMax}
          onChange={setReason}
          required
          value={reason}
        />
        {change.error !== null && <TroubleNote error={change.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button busy={change.isPending} tone="strong" type="submit">
            Change the level
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
