import { useMutation } from "@connectrpc/connect-query";
import type { JoinToken } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import type { IconName } from "../../parts/icon.tsx";
import { roleName } from "../../parts/may.ts";
import { Name } from "../../parts/name.tsx";
import { NodeLink } from "../../parts/node-link.tsx";
import { useNow } from "../../parts/now.ts";
import { Cell } from "../../parts/table.tsx";
import { Ago } from "../../parts/time.tsx";
import { troubleOf } from "../../parts/trouble.ts";
import { type TokenState, tokenState } from "./token-state.ts";

const looks: Readonly<Record<TokenState, { icon: IconName; word: string; tone: Tone }>> = {
  open: { icon: "wait", word: "Open", tone: "maintenance" },
  used: { icon: "check", word: "Used", tone: "online" },
  cancelled: { icon: "close", word: "Cancelled", tone: "retired" },
  lapsed: { icon: "retired", word: "Lapsed", tone: "retired" },
};

/** One token and what became of it. */
export function TokenRow({ token }: { token: JoinToken }) {
  const state = tokenState(token, useNow());
  const { icon, word, tone } = looks[state];
  return (
    <tr>
      <Cell>
        <Badge icon={icon} quiet={state !== "open"} tone={tone}>
          {word}
        </Badge>
      </Cell>
      <Cell>
        {token.nodeId === "" ? (
          <Name className="max-w-48" text={token.name || "any name"} />
        ) : (
          <NodeLink className="max-w-48" id={token.nodeId} name={token.name || token.nodeId} />
        )}
      </Cell>
      <Cell>{roleName(token.role)}</Cell>
      <Cell>
        <Ago at={token.createTime} />
      </Cell>
      <Cell>
        {state === "open" ? (
          <Ago at={token.expireTime} />
        ) : (
          <Ago at={token.endTime ?? token.expireTime} />
        )}
      </Cell>
      <Cell>
        <code className="font-mono text-2xs text-muted">{token.id}</code>
      </Cell>
      <Cell right>{state === "open" && <CancelButton id={token.id} />}</Cell>
    </tr>
  );
}

function CancelButton({ id }: { id: string }) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const cancel = useMutation(IdentityService.method.cancelToken, {
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <span className="inline-flex items-center gap-2">
      {cancel.error !== null && (
        <span className="text-xs text-offline" role="alert">
          {troubleOf(cancel.error).text}
        </span>
      )}
      <Button
        busy={cancel.isPending}
        icon="close"
        onClick={() => cancel.mutate({ requestId, tokenId: id })}
        small
        tone="quiet"
      >
        Cancel
      </Button>
    </span>
  );
}
