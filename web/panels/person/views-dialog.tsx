import { Dialog } from "../../parts/dialog.tsx";
import { Loading } from "../../parts/loading.tsx";
import { countText } from "../../parts/measure.ts";
import { TroubleNote } from "../../parts/note.tsx";
import { Differs } from "./view-differs.tsx";
import { SaveViewForm } from "./view-form.tsx";
import { ViewRow } from "./view-row.tsx";
import { useViews } from "./use-views.ts";

/** The saved views: keep this page, go to another, share, rename, remove. */
export function ViewsDialog({ onClose }: { onClose: () => void }) {
  const { answer, views, present, address } = useViews();
  return (
    <Dialog onClose={onClose} title="Views" width="wide">
      <div className="flex flex-col gap-5">
        <p className="text-sm text-muted">
          A view is a page as it stands, with all that is chosen, filtered and grouped in it, kept
          under a name. It follows you to any browser where you sign in.
        </p>
        {present?.changed === true && <Differs onClose={onClose} view={present.view} />}
        <SaveViewForm address={address} />
        {answer.error !== null && (
          <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
        )}
        {answer.isPending && <Loading label="Reading the views" lines={3} />}
        {answer.data !== undefined && views.length === 0 && (
          <p className="rounded-xl border border-dashed border-line-strong px-4 py-6 text-center text-sm text-muted">
            You have no views yet. Set a page up as you like it, the map grouped by project for
            instance, name it above and save it.
          </p>
        )}
        {views.length > 0 && (
          <ul aria-label="Saved views" className="divide-y divide-line border-y border-line">
            {views.map((view) => (
              <ViewRow
                isPresent={present?.view.id === view.id}
                key={view.id}
                onClose={onClose}
                view={view}
              />
            ))}
          </ul>
        )}
        {answer.data?.nextPageToken && (
          <p className="text-xs text-muted">Showing the oldest {countText(views.length)}.</p>
        )}
      </div>
    </Dialog>
  );
}
