import { useMutation } from "@connectrpc/connect-query";
import type { AccessRule } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Name, Words } from "../../parts/name.tsx";
import { Cell } from "../../parts/table.tsx";
import { Ago } from "../../parts/time.tsx";
import { troubleOf } from "../../parts/trouble.ts";
import { Fingerprint } from "./fingerprint.tsx";

/** One line of a list. */
export function RuleRow({ rule }: { rule: AccessRule }) {
  return (
    <tr>
      <Cell>
        {rule.fingerprint === "" ? (
          <Name className="max-w-44 font-mono text-xs font-medium" text={rule.name} />
        ) : (
          <span className="block py-1.5">
            <Fingerprint small text={rule.fingerprint} />
          </span>
        )}
      </Cell>
      <Cell>
        <Words className="line-clamp-2! max-w-60 text-muted" text={rule.reason} />
      </Cell>
      <Cell>
        <span className="whitespace-nowrap">
          <Ago at={rule.createTime} />
          <span className="block text-xs text-muted">{rule.createdBy.slice(0, 60)}</span>
        </span>
      </Cell>
      <Cell right>
        <RemoveButton rule={rule} />
      </Cell>
    </tr>
  );
}

function RemoveButton({ rule }: { rule: AccessRule }) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const remove = useMutation(AccessService.method.removeRule, {
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <span className="inline-flex items-center gap-2">
      {remove.error !== null && (
        <span className="text-xs text-offline" role="alert">
          {troubleOf(remove.error).text}
        </span>
      )}
      <Button
        busy={remove.isPending}
        icon="close"
        onClick={() => remove.mutate({ requestId, ruleId: rule.id })}
        small
        tone="quiet"
      >
        Remove
      </Button>
    </span>
  );
}
