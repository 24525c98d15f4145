import { useQuery } from "@connectrpc/connect-query";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
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

/** Asks for one event and shows what proves it. */
export function EvidenceOf({ cursor }: { cursor: bigint }) {
  const answer = useQuery(EventService.method.getEvent, { cursor }, { staleTime: Infinity });
  if (answer.error !== null) {
    return <TroubleNote error={answer.error} retry={() => void answer.refetch()} />;
  }
  if (answer.data === undefined) return <Loading label="Asking for the event" lines={8} />;
  return <EvidenceView answer={answer.data} />;
}
