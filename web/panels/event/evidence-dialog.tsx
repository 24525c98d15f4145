import { useQuery } from "@connectrpc/connect-query";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { ReactNode } from "react";
import { Dialog } from "../../parts/dialog.tsx";
import { Loading } from "../../parts/loading.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { EvidenceView } from "./evidence-view.tsx";

/** The signed event behind a figure, over whatever page asked for it. */
export function EvidenceDialog({ cursor, onClose }: { cursor: bigint; onClose: () => void }) {
  return (
    <Dialog onClose={onClose} title={`Evidence: event ${cursor}`} width="wide">
      <EvidenceOf cursor={cursor} />
    </Dialog>
  );
}

/** One event with its proof; it never changes, so it is asked for once. */
export function useEvent(cursor: bigint) {
  return useQuery(EventService.method.getEvent, { cursor }, { staleTime: Infinity });
}

/** Asks for one event and shows what proves it, and below that what else there is to say. */
export function EvidenceOf({ cursor, more }: { cursor: bigint; more?: ReactNode }) {
  const answer = useEvent(cursor);
  if (answer.error !== null) {
    return <TroubleNote error={answer.error} retry={() => void answer.refetch()} />;
  }
  if (answer.data === undefined) return <Loading label="Asking for the event" lines={8} />;
  return <EvidenceView answer={answer.data} more={more} />;
}
