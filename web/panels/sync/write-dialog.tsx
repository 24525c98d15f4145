import type { Conflict } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { countText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { Segments } from "../../parts/segments.tsx";
import { TextArea } from "../../parts/text-area.tsx";
import type { Side } from "./conflict-item.tsx";
import { readValue } from "./value.ts";
import { cellText } from "./wording.ts";
import { draftOf, readDraft, type Writing, writingOf } from "./write.ts";

interface WriteDialogProps {
  readonly conflict: Conflict;
  readonly sides: readonly Side[];
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onWrite: (bytes: Uint8Array) => void;
  readonly onClose: () => void;
}

const first = readValue(new Uint8Array());

/** Writes a value of one's own in place of all. */
export function WriteDialog(props: WriteDialogProps) {
  const { conflict, sides, busy, error, onWrite, onClose } = props;
  const shown = sides[0]?.value ?? first;
  const [writing, setWriting] = useState<Writing>(writingOf(shown));
  const [draft, setDraft] = useState(() => draftOf(shown));
  const written = readDraft(draft, writing);
  const why = "why" in written ? written.why : undefined;
  return (
    <Dialog onClose={onClose} title="Write another value" width="wide">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if ("bytes" in written && !busy) onWrite(written.bytes);
        }}
      >
        <Name className="font-medium" text={cellText(conflict)} />
        <p className="text-sm text-muted">
          It is written in your name. The {countText(sides.length)} values of now are then gone,
          here and everywhere.
        </p>
        <span className="flex">
          <Segments
            label="Written as"
            onChange={setWriting}
            options={[
              { value: "text", word: "Text" },
              { value: "json", word: "JSON" },
              { value: "hex", word: "Hex" },
            ]}
            value={writing}
          />
        </span>
        <TextArea hint={why ?? ""} label="Value" onChange={setDraft} rows={8} value={draft} />
        {error !== null && <TroubleNote error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button
            busy={busy}
            tone="strong"
            type="submit"
            {...(why !== undefined && { refusal: why })}
          >
            Write it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
