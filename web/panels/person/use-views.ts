import { useMutation, useQuery } from "@connectrpc/connect-query";
import type { View } from "@foedus/gen/foedus/person/v1/person_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { newRequestId } from "../../parts/clock.ts";
import { isOwnPath } from "../../shell/place.ts";
import { openedView, rememberOpened } from "./opened-view.ts";
import { addressToSave, presentView, type PresentView } from "./view-address.ts";

/** More than anybody finds anything in; who shares more is told that not all are shown. */
const shownMax = 1_000;
const none: readonly View[] = [];
/** As the hub takes them. */
export const viewNameMax = 80;

/** The views one sees, and which of them the page is now. */
export function useViews() {
  const answer = useQuery(
    PersonService.method.listViews,
    { page: { size: shownMax } },
    { refetchOnWindowFocus: true },
  );
  const views = answer.data?.views ?? none;
  const href = useRouterState({ select: ({ location }) => location.href });
  const present: PresentView | undefined = presentView(views, openedView(), href);
  return { answer, views, present, address: addressToSave(href) };
}

/** Goes where a view leads, and remembers it. */
export function useOpenView(): (view: View) => void {
  const navigate = useNavigate();
  return ({ id, path }) => {
    // Who shares a view may not lead others out of the page, nor through another sign-in.
    if (!isOwnPath(path)) return;
    rememberOpened(id);
    void navigate({ href: path });
  };
}

/** What is to be kept of a view; without an id it is a new one. */
export type ViewWish = Pick<View, "name" | "path" | "shared"> & { readonly id?: string };

/** Saves a view, and has the list asked for again. */
export function useSaveView(onSaved?: (view: View) => void) {
  const { answer, address } = useViews();
  const save = useMutation(PersonService.method.saveView, {
    onSuccess: async ({ view }) => {
      // What is renamed or shared from elsewhere is not what one looks at.
      if (view?.path === address) rememberOpened(view.id);
      if (view !== undefined) onSaved?.(view);
      await answer.refetch();
    },
  });
  const act = ({ id = "", name, path, shared }: ViewWish) =>
    save.mutate({ requestId: newRequestId(), viewId: id, name, path, shared });
  /** Changes a part of a view as it is now, which another browser may have changed. */
  const amend = async (view: View, change: Partial<Pick<View, "name" | "path" | "shared">>) => {
    const { data } = await answer.refetch();
    const { id, name, path, shared } = data?.views.find((each) => each.id === view.id) ?? view;
    act({ id, name, path, shared, ...change });
  };
  return { save, act, amend };
}
