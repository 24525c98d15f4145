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
import { type CollectionDraft, collectionOf, draftOfCollection } from "./collection-draft.ts";
import { laneText } from "./lane.ts";

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
  const [draft, setDraft] = useState(() => draftOfCollection(before));
  const declare = useMutation(CollectionService.method.declareCollection, {
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={before ? "Change a collection" : "Declare a collection"}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          declare.mutate({ requestId, collection: collectionOf(draft) });
        }}
      >
        <p className="text-sm text-muted">
          From now on writes in another zone, lane or partition, or by another revision, go to their
          author's quarantine.
        </p>
        <Fields draft={draft} onChange={(change) => setDraft({ ...draft, ...change })} />
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

interface FieldsProps {
  readonly draft: CollectionDraft;
  readonly onChange: (change: Partial<CollectionDraft>) => void;
}

function Fields({ draft, onChange }: FieldsProps) {
  const of = (key: keyof CollectionDraft) => ({
    value: draft[key],
    onChange: (value: string) => onChange({ [key]: value }),
  });
  return (
    <>
      <TextField label="Name" pattern={namePattern} required {...of("name")} />
      <div className="grid grid-cols-[1fr_2fr] gap-4">
        <TextField label="Zone" pattern={namePattern} required {...of("zone")} />
        <SelectField label="Lane" options={lanes} {...of("lane")} />
      </div>
      <TextField
        hint="With spaces between; empty for a collection that is not divided."
        label="Partitions"
        {...of("partitions")}
      />
      <div className="grid grid-cols-2 gap-4">
        <TextField label="Least revision" pattern="\d{1,9}" required {...of("revisionMin")} />
        <TextField
          hint="0 for no bound."
          label="Greatest revision"
          pattern="\d{1,9}"
          required
          {...of("revisionMax")}
        />
      </div>
    </>
  );
}
