import type { View } from "@foedus/gen/foedus/person/v1/person_pb.js";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { useSession } from "../../shell/session.tsx";
import { useOpenView, useSaveView, useViews } from "./use-views.ts";

/** The page is not any more as it was saved: keep it so, or go back. */
export function Differs({ view, onClose }: { view: View; onClose: () => void }) {
  const { person } = useSession();
  const { address } = useViews();
  const { save, amend } = useSaveView();
  const open = useOpenView();
  const isOwn = view.personId === person?.id;
  return (
    <div className="flex flex-col gap-2 rounded-xl border border-degraded bg-degraded-ground px-4 py-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="flex min-w-0 flex-1 items-center gap-2 font-medium text-degraded">
          <Icon name="warning" />
          <span className="shrink-0">Changed since it was opened:</span>
          <Name text={view.name} />
        </span>
        <Button
          onClick={() => {
            open(view);
            onClose();
          }}
        >
          Back to it
        </Button>
        <Button
          busy={save.isPending}
          onClick={() => void amend(view, { path: address })}
          {...(isOwn ? {} : { refusal: "Only who saved it may change it. Save yours below." })}
        >
          Save over it
        </Button>
      </div>
      {save.error !== null && <TroubleNote error={save.error} />}
    </div>
  );
}
