import { useMutation } from "@connectrpc/connect-query";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Collection } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { SelectField, TextField } from "../../parts/field.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { laneText } from "./lane.ts";
import { wordsIn } from "./words-in.ts";

const namePattern = "[a-z0-9][a-z0-9_\\-]{0,63}";
const lanes = ["0", "1", "2", "3"].map((value) => ({
  value,
  word: `${value}: ${laneText(Number(value))}`,
}));

interface CollectionDialogProps {
  readonly before?: Collection;
  readonly onClose: () => void;
}

/** Declares a collection, or declares it anew. */
export function CollectionDialog({ before, onClose }: CollectionDialogProps) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const [name, setName] = useState(before?.name ?? "");
  const [zone, setZone] = useState(before?.zone ?? "world");
  const [lane, setLane] = useState(String(before?.lane ?? 2));
  const [parts, setParts] = useState(before?.partitions.join(" ") ?? "");
  const [least, setLeast] = useState(String(before?.revisionMin ?? 0));
  const [most, setMost] = useState(String(before?.revisionMax ?? 0));
  const declare = useMutation(CollectionService.method.declareCollection, {
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  const collection = {
    name,
    zone,
    lane: Number(lane),
    partitions: [...wordsIn(parts)],
    revisionMin: Number(least),
    revisionMax: Number(most),
  };
  return (
    <Dialog onClose={onClose} title={before ? "Change a collection" : "Declare a collection"}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          declare.mutate({ requestId, collection });
        }}
      >
        <p className="text-sm text-muted">
          From now on writes in another zone, lane or partition, or by another revision, go to their
          author's quarantine.
        </p>
        <TextField label="Name" onChange={setName} pattern={namePattern} required value={name} />
        <div className="grid grid-cols-2 gap-4">
          <TextField label="Zone" onChange={setZone} pattern={namePattern} required value={zone} />
          <SelectField label="Lane" onChange={setLane} options={lanes} value={lane} />
        </div>
        <TextField
          hint="With spaces between; empty for a collection that is not divided."
          label="Partitions"
          onChange={setParts}
          value={parts}
        />
        <div className="grid grid-cols-2 gap-4">
          <TextField
            label="Least revision"
            onChange={setLeast}
            pattern="\d{1,9}"
            required
            value={least}
          />
          <TextField
            hint="0 for no bound."
            label="Greatest revision"
            onChange={setMost}
            pattern="\d{1,9}"
            required
            value={most}
          />
        </div>
        {declare.error !== null && <TroubleNote error={declare.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button busy={declare.isPending} tone="strong" type="submit">
            Declare it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
