import { useMutation } from "@connectrpc/connect-query";
import type { JoinRequest } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, SelectField } from "../../parts/field.tsx";
import { roleChoices } from "../../parts/may.ts";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { Fingerprint } from "./fingerprint.tsx";

/** Approves only who has said that both fingerprints are the same. */
export function ApproveDialog({ request, onClose }: { request: JoinRequest; onClose: () => void }) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const [role, setRole] = useState(Role.MEMBER);
  const [compared, setCompared] = useState(false);
  const approve = useMutation(AccessService.method.approveJoin, {
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  const { id: joinRequestId, fingerprint } = request;
  return (
    <Dialog onClose={onClose} title="Approve the newcomer">
      <form
        className="flex flex-col gap-4 text-left"
        onSubmit={(event) => {
          event.preventDefault();
          if (compared) approve.mutate({ requestId, joinRequestId, fingerprint, role });
        }}
      >
        <Comparison compared={compared} onChange={setCompared} request={request} />
        <SelectField
          label="Its role"
          onChange={(value) => setRole(Number(value))}
          options={roleChoices}
          value={String(role)}
        />
        {approve.error !== null && <TroubleNote error={approve.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it waiting</Button>
          <Button
            busy={approve.isPending}
            icon="check"
            tone="strong"
            type="submit"
            {...(compared ? {} : { refusal: "Compare the fingerprints first." })}
          >
            Approve
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ComparisonProps {
  readonly request: JoinRequest;
  readonly compared: boolean;
  readonly onChange: (compared: boolean) => void;
}

/** Who asks, what its screen has to show, and the word that it does. */
function Comparison({ request, compared, onChange }: ComparisonProps) {
  return (
    <>
      <Name className="font-medium" text={request.name || "a node that leaves its name to you"} />
      <p className="text-sm text-muted">
        Ask whoever runs it what its screen shows, over another channel than this network. If one
        group differs, somebody stands between you: deny it.
      </p>
      <div className="rounded-xl border border-line bg-sunken px-4 py-3 text-center">
        <Fingerprint text={request.fingerprint} />
      </div>
      <CheckField checked={compared} label="I compared it: both are the same" onChange={onChange} />
    </>
  );
}
