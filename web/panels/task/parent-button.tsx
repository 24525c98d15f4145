import { useQuery } from "@connectrpc/connect-query";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { Button } from "../../parts/button.tsx";
import { parentUses, parentWordOf } from "./parent-use.ts";

interface ParentButtonProps {
  readonly use: ParentUse | undefined;
  readonly refusal: string | undefined;
  readonly onAsk: () => void;
}

/** A queue's part in the parent's work; nothing on a hub without a parent. */
export function ParentButton({ use = ParentUse.UNSPECIFIED, refusal, onAsk }: ParentButtonProps) {
  const hub = useQuery(HubService.method.getStatus, {});
  const hasParent = hub.data?.status?.uplink !== undefined;
  // What was set before the hub lost its parent can be taken back.
  if (!hasParent && use === ParentUse.UNSPECIFIED) return null;
  return (
    <Button icon="hub" onClick={onAsk} {...(refusal === undefined ? {} : { refusal })}>
      {parentUses[parentWordOf(use)].button}
    </Button>
  );
}
