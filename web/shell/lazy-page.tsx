import type { RouteComponent } from "@tanstack/react-router";
import { type ComponentType, use, useEffect, useReducer, useRef } from "react";
import { useNodesLive } from "../panels/node/nodes.tsx";
import { TroubleNote } from "../parts/note.tsx";
import { useConnection } from "../parts/use-live.ts";

/** What came of fetching a page. */
type Fetched = { readonly Page: ComponentType } | { readonly error: unknown };

/**
 * A page that is fetched when it is first wanted. The router's own would load the whole app anew
 * when that fails, and while the hub is away there is nothing left to look at then.
 */
export function lazyPage<Name extends string>(
  load: () => Promise<{ readonly [Key in Name]: ComponentType }>,
  name: Name,
): RouteComponent {
  let fetching: Promise<Fetched> | undefined;
  const fetchPage = () =>
    (fetching ??= load().then(
      (module): Fetched => ({ Page: module[name] }),
      (error: unknown) => ({ error }),
    ));
  function LazyPage() {
    const [, again] = useReducer((turn: number) => turn + 1, 0);
    const fetched = use(fetchPage());
    if ("Page" in fetched) return <fetched.Page />;
    const retry = () => {
      fetching = undefined;
      again();
    };
    return <NotFetched error={fetched.error} retry={retry} />;
  }
  LazyPage.preload = async () => {
    await fetchPage();
  };
  return LazyPage;
}

/** The hub was away when the page was wanted; once it is back, it is fetched again by itself. */
function NotFetched({ error, retry }: { error: unknown; retry: () => void }) {
  const connection = useConnection(useNodesLive());
  const before = useRef(connection);
  useEffect(() => {
    if (connection.state === "live" && connection !== before.current) retry();
  }, [connection, retry]);
  return (
    <div className="p-6">
      <TroubleNote error={error} retry={retry} />
    </div>
  );
}
