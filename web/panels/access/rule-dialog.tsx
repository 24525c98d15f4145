import { useMutation } from "@connectrpc/connect-query";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { TextField } from "../../parts/field.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { Segments } from "../../parts/segments.tsx";
import type { RuleList } from "./rule-list.ts";

const reasonMax = 500;

type By = "name" | "fingerprint";

const fields = {
  name: {
    label: "Name",
    hint: "Lower-case letters, digits and dashes; a * at the end takes all that begin so.",
    pattern: "[a-z0-9][a-z0-9\\-]{0,62}[*]?|[*]",
  },
  fingerprint: {
    label: "Fingerprint",
    hint: "Eight groups of four, as the newcomer's screen shows it.",
    pattern: "[0-9a-f]{4}(-[0-9a-f]{4}){7}",
  },
} as const;

/** Asks whom a list is to name, and why. */
export function RuleDialog({ list, onClose }: { list: RuleList; onClose: () => void }) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const [by, setBy] = useState<By>("name");
  const [whom, setWhom] = useState("");
  const [reason, setReason] = useState("");
  const add = useMutation(AccessService.method.addRule, {
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={`Add to the ${list.name}`}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ requestId, rule: { kind: list.kind, [by]: whom.trim(), reason } });
        }}
      >
        <p className="text-sm text-muted">{list.meaning}</p>
        <span className="flex">
          <Segments
            label="By what"
            onChange={(value) => {
              setBy(value);
              setWhom("");
            }}
            options={[
              { value: "name", word: "By name" },
              { value: "fingerprint", word: "By key" },
            ]}
            value={by}
          />
        </span>
        <TextField {...fields[by]} onChange={setWhom} required value={whom} />
        <TextField label="Why" lengthMax={reasonMax} onChange={setReason} required value={reason} />
        {add.error !== null && <TroubleNote error={add.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button busy={add.isPending} tone="strong" type="submit">
            {list.add}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
