import type { CreateTokenResponse } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Button } from "../../parts/button.tsx";
import { Command } from "../../parts/copy.tsx";
import { Ago, msOf } from "../../parts/time.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { useWatch } from "../node/nodes.tsx";
import { joinCommand } from "./join-command.ts";

/** The secret half, which the hub does not keep, and the command it is for. */
export function IssuedToken({
  answer,
  onClose,
}: {
  answer: CreateTokenResponse;
  onClose: () => void;
}) {
  const { token, secret, invitation } = answer;
  const sinceMs = msOf(token?.createTime) ?? 0;
  const joined = useJoined(token?.name ?? "", sinceMs);
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p className="rounded-xl border border-degraded bg-degraded-ground px-3 py-2 text-degraded">
        Copy it now: the hub keeps only its hash and cannot show it again.
      </p>
      <div>
        <p className="mb-1 font-medium">Run this on the machine that joins</p>
        <Command label="Copy" text={joinCommand(invitation, token?.name ?? "")} />
      </div>
      <div>
        <p className="mb-1 font-medium">Paste this when it asks for the token</p>
        <Command label="Copy" text={secret} />
      </div>
      <p className="text-muted">
        It admits one node, once, and ends <Ago at={token?.expireTime} />.
      </p>
      {joined ? (
        <p className="font-medium text-online" role="status">
          {joined} has joined.
        </p>
      ) : (
        <Waiting
          wait={{
            waitingFor: "the node to join",
            whoCanEndIt: "whoever holds the token",
            sinceMs: BigInt(sinceMs),
            command: "",
          }}
        />
      )}
      <div className="flex justify-end">
        <Button onClick={onClose} tone="strong">
          I have copied it
        </Button>
      </div>
    </div>
  );
}

/** The node of that name that came after the token was made; told only where the name is known. */
function useJoined(name: string, sinceMs: number): string | undefined {
  const { nodes } = useWatch();
  if (name === "") return undefined;
  for (const node of nodes.values()) {
    if (node.name === name && (msOf(node.createTime) ?? 0) >= sinceMs) return name;
  }
  return undefined;
}
