import { useMutation } from "@connectrpc/connect-query";
import { TenantService } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { TextField } from "../../parts/field.tsx";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";

const reasonMax = 500;

interface StateDialogProps {
  readonly name: string;
  readonly onClose: () => void;
}

/** Asks why a tenant is served no more. */
export function SuspendDialog({ name, onClose }: StateDialogProps) {
  const [requestId] = useState(newRequestId);
  const [reason, setReason] = useState("");
  const suspend = useMutation(TenantService.method.suspendTenant, useClosing(onClose));
  return (
    <StateDialog
      busy={suspend.isPending}
      error={suspend.error}
      name={name}
      onClose={onClose}
      onSubmit={() => suspend.mutate({ requestId, name, reason })}
      title="Suspend a tenant"
      verb="Suspend"
    >
      <p className="text-sm text-muted">
        Its nodes and people are cut off within a second and told why. Everything of it is kept, and
        its nodes come back by themselves once it is served again.
      </p>
      <TextField label="Why" lengthMax={reasonMax} onChange={setReason} required value={reason} />
    </StateDialog>
  );
}

/** Asks whether a tenant is served again. */
export function ResumeDialog({ name, onClose }: StateDialogProps) {
  const [requestId] = useState(newRequestId);
  const resume = useMutation(TenantService.method.resumeTenant, useClosing(onClose));
  return (
    <StateDialog
      busy={resume.isPending}
      error={resume.error}
      name={name}
      onClose={onClose}
      onSubmit={() => resume.mutate({ requestId, name })}
      title="Serve a tenant again"
      verb="Serve it again"
    >
      <p className="text-sm text-muted">Its people may sign in again; its nodes come back.</p>
    </StateDialog>
  );
}

interface StateFormProps extends StateDialogProps {
  readonly title: string;
  readonly verb: string;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

function StateDialog(props: StateFormProps) {
  return (
    <Dialog onClose={props.onClose} title={props.title}>
      <form
        className="flex flex-col gap-4 text-left"
        onSubmit={(event) => {
          event.preventDefault();
          props.onSubmit();
        }}
      >
        <Name className="font-medium" text={props.name} />
        {props.children}
        {props.error !== null && <TroubleNote error={props.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={props.onClose}>Leave it</Button>
          <Button busy={props.busy} tone="strong" type="submit">
            {props.verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function useClosing(onClose: () => void) {
  const client = useQueryClient();
  return {
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  };
}
