import { useMutation } from "@connectrpc/connect-query";
import type { CreateTokenResponse } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { SelectField, TextField } from "../../parts/field.tsx";
import { roleName } from "../../parts/may.ts";
import { TroubleNote } from "../../parts/note.tsx";
import { IssuedToken } from "./issued-token.tsx";

const lifetimes = [
  { seconds: 900, word: "15 minutes" },
  { seconds: 3_600, word: "1 hour" },
  { seconds: 86_400, word: "24 hours" },
];
const roles = [Role.MEMBER, Role.OBSERVER, Role.ADMIN];

/** Makes a token and shows its secret, once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [issued, setIssued] = useState<CreateTokenResponse>();
  const create = useMutation(IdentityService.method.createToken, {
    onSuccess: async (answer) => {
      setIssued(answer);
      await client.invalidateQueries();
    },
  });
  if (issued !== undefined) {
    return (
      <Dialog onClose={onClose} title="The token, once">
        <IssuedToken answer={issued} onClose={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog onClose={onClose} title="New join token">
      <TokenForm
        busy={create.isPending}
        error={create.error}
        onCreate={(name, role, seconds) =>
          create.mutate({
            requestId: newRequestId(),
            name,
            role,
            lifetime: { seconds: BigInt(seconds), nanos: 0 },
          })
        }
      />
    </Dialog>
  );
}

function TokenForm(props: {
  busy: boolean;
  error: Error | null;
  onCreate: (name: string, role: Role, seconds: number) => void;
}) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>(Role.MEMBER);
  const [seconds, setSeconds] = useState(900);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        props.onCreate(name, role, seconds);
      }}
    >
      <TextField
        hint="Lower-case letters, digits and dashes. Empty lets the node choose."
        label="The only name it may take"
        lengthMax={63}
        onChange={setName}
        pattern="[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?"
        value={name}
      />
      <div className="grid grid-cols-2 gap-4">
        <SelectField
          label="Its role"
          onChange={(value) => setRole(Number(value))}
          value={String(role)}
        >
          {roles.map((each) => (
            <option key={each} value={each}>
              {roleName(each)}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Admits for"
          onChange={(value) => setSeconds(Number(value))}
          value={String(seconds)}
        >
          {lifetimes.map((each) => (
            <option key={each.seconds} value={each.seconds}>
              {each.word}
            </option>
          ))}
        </SelectField>
      </div>
      {props.error !== null && <TroubleNote error={props.error} />}
      <div className="flex justify-end">
        <Button busy={props.busy} icon="plus" tone="strong" type="submit">
          Make the token
        </Button>
      </div>
    </form>
  );
}
