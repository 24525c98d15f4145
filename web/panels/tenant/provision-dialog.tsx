import { useMutation } from "@connectrpc/connect-query";
import type { ProvisionTenantResponse } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { TenantService } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Command } from "../../parts/copy.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { TextField } from "../../parts/field.tsx";
import { TroubleNote } from "../../parts/note.tsx";

const titleMax = 120;
const namePattern = "[a-z0-9]([a-z0-9\\-]{0,61}[a-z0-9])?";

/** Makes a tenant, and shows once how its first admin signs in. */
export function ProvisionDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const provision = useMutation(TenantService.method.provisionTenant, {
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Dialog
      onClose={onClose}
      title={provision.data === undefined ? "Provision a tenant" : "The tenant is there"}
    >
      {provision.data === undefined ? (
        <ProvisionForm
          busy={provision.isPending}
          error={provision.error}
          onClose={onClose}
          onSubmit={(wish) => provision.mutate(wish)}
        />
      ) : (
        <Provisioned answer={provision.data} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface ProvisionFormProps {
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onSubmit: (wish: { requestId: string; name: string; title: string }) => void;
  readonly onClose: () => void;
}

function ProvisionForm({ busy, error, onSubmit, onClose }: ProvisionFormProps) {
  const [requestId] = useState(newRequestId);
  const [name, setName] = useState("");
  const [title, setTitle] = useState("");
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit({ requestId, name, title });
      }}
    >
      <TextField
        hint="Lower-case letters, digits and dashes; it stays for good."
        label="Name"
        onChange={setName}
        pattern={namePattern}
        required
        value={name}
      />
      <TextField
        label="How people call it (optional)"
        lengthMax={titleMax}
        onChange={setTitle}
        value={title}
      />
      {error !== null && <TroubleNote error={error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Leave it</Button>
        <Button busy={busy} tone="strong" type="submit">
          Provision
        </Button>
      </div>
    </form>
  );
}

function Provisioned({
  answer,
  onClose,
}: {
  answer: ProvisionTenantResponse;
  onClose: () => void;
}) {
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p className="text-muted">
        Send this link to its first admin. It signs one browser in, once, within 15 minutes, and is
        shown only now.
      </p>
      <Command label="Copy the link" text={answer.signInLink} />
      <p className="text-muted">Its nodes join by this invitation; its admins decide who may.</p>
      <Command label="Copy the invitation" text={answer.tenant?.invitation ?? ""} />
      <div className="flex justify-end">
        <Button onClick={onClose} tone="strong">
          Done
        </Button>
      </div>
    </div>
  );
}
