import { createClient } from "@connectrpc/connect";
import { useTransport } from "@connectrpc/connect-query";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { StreamStatus } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Command, CopyButton } from "../../parts/copy.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { Section } from "../../parts/section.tsx";
import { useMay } from "../../shell/session.tsx";
import { digestCommand } from "./as-cli.ts";
import { cellsText, digestText } from "./digest-text.ts";
import { RepairDialog } from "./repair-dialog.tsx";

interface DigestSectionProps {
  readonly stream: Stream;
  readonly status: StreamStatus;
}

/** What the stream holds in one number; it is the same wherever the same is held. */
export function DigestSection({ stream, status }: DigestSectionProps) {
  const [repairing, setRepairing] = useState(false);
  const count = useRecount(stream);
  const may = useMay(CollectionService.method.repairStream);
  const text = digestText(status.digest);
  return (
    <Section title="Digest">
      <p className="text-xs text-muted">
        Equal wherever the same is held: compare it with the other hub's, at the same vector.
      </p>
      <div className="mt-1.5 flex items-center gap-2">
        <code className="flex-1 font-mono text-sm">{text}</code>
        <CopyButton label="Copy" text={text} />
        <Button busy={count.isPending} icon="again" onClick={() => count.mutate()} small>
          Count anew
        </Button>
      </div>
      <div className="mt-1.5 min-h-6 text-sm" role="status">
        {count.error !== null && <TroubleNote error={count.error} />}
        {count.data && <Counted cells={count.data.cells} sound={count.data.sound} />}
      </div>
      {count.data?.sound === false && (
        <div className="my-2">
          <Button
            onClick={() => setRepairing(true)}
            tone="danger"
            {...(may.allowed ? {} : { refusal: may.why })}
          >
            Repair the stream …
          </Button>
        </div>
      )}
      <div className="mt-1.5">
        <Command text={digestCommand(stream)} />
      </div>
      {repairing && <RepairDialog onClose={() => setRepairing(false)} stream={stream} />}
    </Section>
  );
}

function Counted({ sound, cells }: { sound: boolean; cells: number }) {
  return sound ? (
    <Badge icon="check" quiet tone="online">
      Sound: {cellsText(cells)} counted, and that is what is kept
    </Badge>
  ) : (
    <Badge icon="offline" quiet tone="offline">
      What was counted is not what is kept
    </Badge>
  );
}

/** Counting reads every cell: it is done when somebody asks, and never by itself. */
function useRecount(stream: Stream) {
  const client = createClient(CollectionService, useTransport());
  return useMutation({
    async mutationFn() {
      const { sound, buckets } = await client.getDigest({ stream, recount: true });
      return { sound, cells: buckets.reduce((sum, { cells }) => sum + cells, 0) };
    },
  });
}
