import { useMutation } from "@connectrpc/connect-query";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Grant } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, TextField } from "../../parts/field.tsx";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { wordsIn } from "./collection-draft.ts";

interface GrantDialogProps {
  readonly before?: Grant;
  readonly hubZones: readonly string[];
  readonly onClose: () => void;
}

/** Says in which zones a node stands, and whether it may bring what others wrote. */
export function GrantDialog({ before, hubZones, onClose }: GrantDialogProps) {
  const [node, setNode] = useState(before?.nodeId ?? "");
  const [line, setLine] = useState(before?.zones.join(" ") ?? "");
  const [relays, setRelays] = useState(before?.relays ?? false);
  const { mutate, error, isPending } = useGrant(onClose);
  const zones = `of ${hubZones.join(", ") || "the hub's"}; empty for all of them.`;
  return (
    <Dialog onClose={onClose} title={before ? "Change a grant" : "Grant to a node"}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          mutate({ node, zones: [...wordsIn(line)], relays });
        }}
      >
        {before ? (
          <Name className="font-medium" text={before.node || before.nodeId} />
        ) : (
          <TextField label="Node" {...nodeField} onChange={setNode} required value={node} />
        )}
        <TextField
          hint={`With spaces between, ${zones}`}
          label="Zones"
          onChange={setLine}
          value={line}
        />
        <CheckField
          checked={relays}
          hint="It is a hub below this one: it brings what its own nodes wrote."
          label="May bring what others wrote"
          onChange={setRelays}
        />
        <p className="text-sm text-muted">
          Its open sessions end, and it opens new ones by itself in the zones it then stands in.
        </p>
        {error !== null && <TroubleNote error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button busy={isPending} tone="strong" type="submit">
            {before ? "Change the grant" : "Grant it"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const nodeField = { hint: "Its name or its id.", lengthMax: 64 };

/** One request id for the whole dialog: pressing again after a lost answer is still one decision. */
function useGrant(onDone: () => void) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const grant = useMutation(CollectionService.method.setGrant, {
    onSuccess: async () => {
      await client.invalidateQueries();
      onDone();
    },
  });
  const mutate = (wish: { node: string; zones: string[]; relays: boolean }) =>
    grant.mutate({ requestId, ...wish });
  return { mutate, error: grant.error, isPending: grant.isPending };
}
