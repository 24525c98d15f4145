import type { View } from "@foedus/gen/foedus/person/v1/person_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/field.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { useSaveView, viewNameMax } from "./use-views.ts";

/** Another name for a view. */
export function RenameForm({ view, onDone }: { view: View; onDone: () => void }) {
  const [name, setName] = useState(view.name);
  const { save, amend } = useSaveView(onDone);
  return (
    <form
      className="flex w-full flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") void amend(view, { name: name.trim() });
      }}
    >
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            label="New name"
            lengthMax={viewNameMax}
            onChange={setName}
            required
            value={name}
          />
        </div>
        <Button busy={save.isPending} type="submit">
          Save
        </Button>
        <Button onClick={onDone} tone="quiet">
          Cancel
        </Button>
      </div>
      {save.error !== null && <TroubleNote error={save.error} />}
    </form>
  );
}
