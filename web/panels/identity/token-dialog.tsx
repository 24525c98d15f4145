import { useMutation } from "@connectrpc/connect-query";
import type { CreateTokenResponse } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { newRequestId } from "../../parts/clock.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { IssuedToken } from "./issued-token.tsx";
import { TokenForm } from "./token-form.tsx";

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
        onCreate={({ name, role, seconds }) =>
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
