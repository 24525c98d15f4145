import { useMutation } from "@connectrpc/connect-query";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { SelectField } from "../../parts/field.tsx";
import { roleChoices, roleName } from "../../parts/may.ts";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";

interface RoleDialogProps {
  readonly node: Node;
  readonly now: Role;
  readonly onClose: () => void;
}

/** Changes what a node's calls are judged by. */
export function RoleDialog({ node, now, onClose }: RoleDialogProps) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const [role, setRole] = useState(now);
  const change = useMutation(IdentityService.method.setNodeRole, {
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title="Change the role">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (role !== now) change.mutate({ requestId, node: node.id, role });
        }}
      >
        <Name className="font-medium" text={node.name} />
        <p className="text-sm text-muted">
          It is {roleName(now)} now. The new role holds from its next call on: an observer sees and
          tells about itself, a member takes part, an admin decides for the tenant.
        </p>
        <SelectField
          label="Its role"
          onChange={(value) => setRole(Number(value))}
          options={roleChoices}
          value={String(role)}
        />
        {change.error !== null && <TroubleNote error={change.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button
            busy={change.isPending}
            tone="strong"
            type="submit"
            {...(role === now && { refusal: `It is ${roleName(role)} already.` })}
          >
            Change the role
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
