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
import { wordsIn } from "./words-in.ts";

interface GrantDialogProps {
  readonly before?: Grant;
  readonly hubZones: readonly string[];
  readonly onClose: () => void;
}

const nodeMax = 64;

/** Says in which zones a node stands, and whether it may bring what others wrote. */
export function GrantDialog({ before, hubZones, onClose }: GrantDialogProps) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const [node, setNode] = useState(before?.nodeId ?? "");
  const [line, setLine] = useState(before?.zones.join(" ") ?? "");
  const [relays, setRelays] = useState(before?.relays ?? false);
  const grant = useMutation(CollectionService.method.setGrant, {
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={before ? "Change a grant" : "Grant to a node"}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          grant.mutate({ requestId, node, zones: [...wordsIn(line)], relays });
        }}
      >
        {before ? (
          <Name className="font-medium" text={before.node || before.nodeId} />
        ) : (
          <TextField
            hint="Its name or its id."
            label="Node"
            lengthMax={nodeMax}
            onChange={setNode}
            required
            value={node}
          />
        )}
        <TextField
          hint={`With spaces between, of ${hubZones.join(", ") || "the hub's"}; empty for all of them.`}
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
        {grant.error !== null && <TroubleNote error={grant.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button busy={grant.isPending} tone="strong" type="submit">
            {before ? "Change the grant" : "Grant it"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
