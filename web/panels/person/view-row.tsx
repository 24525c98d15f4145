import { useMutation } from "@connectrpc/connect-query";
import type { View } from "@foedus/gen/foedus/person/v1/person_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { type MouseEvent, useState } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { clip } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { useMay, useSession } from "../../shell/session.tsx";
import { useOpenView, useSaveView, useViews } from "./use-views.ts";
import { RenameForm } from "./view-rename.tsx";

interface ViewRowProps {
  readonly view: View;
  readonly isPresent: boolean;
  readonly onClose: () => void;
}

/** One saved view: where it leads, and what one may do to it. */
export function ViewRow({ view, isPresent, onClose }: ViewRowProps) {
  const { person } = useSession();
  const open = useOpenView();
  const go = (event: MouseEvent) => {
    // With a key held it opens in another tab, as links do.
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    open(view);
    onClose();
  };
  const isOwn = view.personId === person?.id;
  return (
    <li className="flex flex-col gap-2 py-2.5">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5">
        <a
          aria-current={isPresent || undefined}
          className="min-w-48 flex-1 rounded-md text-sm font-medium hover:text-accent aria-[current]:text-accent"
          href={view.path}
          onClick={go}
        >
          <Name text={view.name} />
          <span className="block truncate font-mono text-xs font-normal text-muted">
            {view.path}
          </span>
        </a>
        {view.shared && <Badge icon="tenant">{isOwn ? "Shared" : "Shared with you"}</Badge>}
        {!isOwn && <Name className="max-w-32 text-xs text-muted" text={`by ${view.personId}`} />}
        <Acts isOwn={isOwn} view={view} />
      </div>
    </li>
  );
}

const notYours = "Only who saved it may change it.";

function Acts({ view, isOwn }: { view: View; isOwn: boolean }) {
  const [renaming, setRenaming] = useState(false);
  const mayShare = useMay(PersonService.method.saveView, Role.MEMBER);
  const { save, amend } = useSaveView();
  const shareWhy = isOwn ? (view.shared ? "" : mayShare.why) : notYours;
  const label = clip(view.name, 80);
  return (
    <>
      <span aria-label={`What you can do with ${label}`} className="flex" role="group">
        <Button
          onClick={() => setRenaming(!renaming)}
          tone="quiet"
          {...(isOwn ? {} : { refusal: notYours })}
        >
          Rename
        </Button>
        <Button
          busy={save.isPending}
          onClick={() => void amend(view, { shared: !view.shared })}
          tone="quiet"
          {...(shareWhy !== "" && { refusal: shareWhy })}
        >
          {view.shared ? "Stop sharing" : "Share"}
        </Button>
        <Remove isOwn={isOwn} view={view} />
      </span>
      {save.error !== null && <TroubleNote error={save.error} />}
      {renaming && <RenameForm onDone={() => setRenaming(false)} view={view} />}
    </>
  );
}

/** What others use too is removed with a second press only. */
function Remove({ view, isOwn }: { view: View; isOwn: boolean }) {
  const { answer } = useViews();
  const [asked, setAsked] = useState(false);
  // One's own always; the rule lets admins remove what others share.
  const mayOthers = useMay(PersonService.method.removeView, Role.ADMIN);
  const remove = useMutation(PersonService.method.removeView, {
    onSuccess: () => answer.refetch(),
  });
  const press = () => {
    if (view.shared && !asked) return setAsked(true);
    remove.mutate({ requestId: newRequestId(), viewId: view.id });
  };
  return (
    <>
      <Button
        busy={remove.isPending}
        onClick={press}
        tone={asked ? "danger" : "quiet"}
        {...(isOwn || mayOthers.allowed ? {} : { refusal: mayOthers.why })}
      >
        {asked ? "Remove for everybody" : "Remove"}
      </Button>
      {remove.error !== null && <TroubleNote error={remove.error} />}
    </>
  );
}
