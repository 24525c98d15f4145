import { useMutation } from "@connectrpc/connect-query";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { TextField } from "../../parts/field.tsx";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import type { Decision } from "./decisions.ts";

const reasonMax = 200;

interface DecisionProps {
  readonly decision: Decision;
  readonly node: Pick<Node, "id" | "name">;
  readonly onClose: () => void;
}

/** Says what a decision means and asks once more. */
export function DecisionDialog({ decision, node, onClose }: DecisionProps) {
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const { decide, error, busy } = useDecision(decision, node, onClose);
  return (
    <Dialog onClose={onClose} title={decision.title}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!decision.typed || typed === node.name) decide(reason);
        }}
      >
        <Name className="font-medium" text={node.name} />
        <p className="text-sm text-muted">{decision.meaning}</p>
        {decision.reason !== "none" && (
          <TextField
            hint="Shown to everybody who asks."
            label={decision.reason === "required" ? "Why" : "Why (if you like)"}
            lengthMax={reasonMax}
            onChange={setReason}
            required={decision.reason === "required"}
            value={reason}
          />
        )}
        {decision.typed && (
          <TextField
            label="Type the node's name to confirm"
            onChange={setTyped}
            required
            value={typed}
          />
        )}
        {error !== null && <TroubleNote error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button
            busy={busy}
            tone={decision.danger ? "danger" : "strong"}
            type="submit"
            {...(decision.typed &&
              typed !== node.name && { refusal: "The name is not typed yet." })}
          >
            {decision.button}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** One request id for the whole dialog: pressing again after a lost answer is still one decision. */
function useDecision({ verb }: Decision, { id: node }: Pick<Node, "id">, onSuccess: () => void) {
  const [requestId] = useState(newRequestId);
  const maintenance = useMutation(NodeService.method.setMaintenance, { onSuccess });
  const retire = useMutation(NodeService.method.retireNode, { onSuccess });
  const revoke = useMutation(IdentityService.method.revokeNode, { onSuccess });
  const quarantine = useMutation(IdentityService.method.quarantineNode, { onSuccess });
  const release = useMutation(IdentityService.method.releaseNode, { onSuccess });
  const decide = (reason: string) => {
    if (verb === "retire") return retire.mutate({ requestId, node, reason });
    if (verb === "revoke") return revoke.mutate({ requestId, node, reason });
    if (verb === "quarantine") return quarantine.mutate({ requestId, node, reason });
    if (verb === "release") return release.mutate({ requestId, node, reason });
    return maintenance.mutate({ requestId, node, on: verb === "beginMaintenance", reason });
  };
  const all = [maintenance, retire, revoke, quarantine, release];
  return {
    decide,
    error: all.find(({ error }) => error !== null)?.error ?? null,
    busy: all.some(({ isPending }) => isPending),
  };
}
