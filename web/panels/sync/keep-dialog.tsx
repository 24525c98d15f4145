import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { countText } from "../../parts/measure.ts";
import { TroubleNote } from "../../parts/note.tsx";
import type { Side } from "./conflict-item.tsx";
import { ValueView } from "./value-view.tsx";
import { authorText } from "./wording.ts";

interface KeepDialogProps {
  readonly side: Side;
  /** Those that would go without having been seen whole. */
  readonly unseen: readonly Side[];
  readonly others: number;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onKeep: () => void;
  readonly onClose: () => void;
}

/** Asks once more where a value would go that nobody has seen whole. */
export function KeepDialog(props: KeepDialogProps) {
  const { side, unseen, others, busy, error, onKeep, onClose } = props;
  return (
    <Dialog onClose={onClose} title="Keep this one" width="wide">
      <div className="flex flex-col gap-4 text-sm">
        <p>
          The value of <bdi className="font-medium">{authorText(side.contender).slice(0, 80)}</bdi>{" "}
          is kept; {others === 1 ? "the other one is" : `the ${countText(others)} others are`} then
          gone, here and everywhere.{" "}
          {unseen.length === 1 ? "This one" : `${countText(unseen.length)} of them`} was not shown
          whole yet:
        </p>
        {unseen.map((each) => (
          <section key={each.dot}>
            <h3 className="mb-1 text-xs text-muted">
              <bdi>{authorText(each.contender).slice(0, 80)}</bdi>
            </h3>
            <ValueView value={each.value} />
          </section>
        ))}
        {error !== null && <TroubleNote error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button busy={busy} onClick={onKeep} tone="strong">
            Keep this one
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
