import { Outlet, useNavigate, useRouterState, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { ConnectionStrip } from "../parts/connection.tsx";
import { useConnection } from "../parts/use-live.ts";
import { EvidenceDialog } from "../panels/event/evidence-dialog.tsx";
import { cursorIn } from "../panels/event/view.ts";
import { NodesProvider, useNodesLive } from "../panels/node/nodes.tsx";
import { hubConnection } from "./hub-connection.ts";
import { Navigation } from "./navigation.tsx";
import { useNotices } from "./notices.ts";
import { Overlays } from "./overlays.tsx";
import { useRecent } from "./use-recent.ts";
import { SessionGate } from "./session.tsx";

/** The frame of every page: chapters, how the connection stands, the page, and its evidence. */
export function Layout() {
  return (
    <SessionGate>
      <NodesProvider>
        <a
          className="absolute left-3 z-50 -translate-y-20 rounded-lg bg-accent px-3 py-2 text-on-accent focus:translate-y-3"
          href="#main"
        >
          Skip to the page
        </a>
        <div className="flex h-full min-h-0 max-lg:flex-col">
          <Navigation />
          <Page />
        </div>
        <Evidence />
        <Overlays />
      </NodesProvider>
    </SessionGate>
  );
}

/** Since when and until when it is away; whoever cannot wait tries again at once. */
function HubStrip() {
  const nodes = useNodesLive();
  const notices = useNotices();
  useRecent();
  const hurry = () => {
    nodes.hurry();
    notices.hurry();
  };
  const connection = hubConnection(useConnection(nodes), useConnection(notices));
  return <ConnectionStrip connection={connection} hurry={hurry} />;
}

function Page() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const first = useRef(path);
  useEffect(() => {
    // After a change of page, the keyboard and screen readers go on in the page.
    if (first.current !== path) main.current?.focus({ preventScroll: true });
    first.current = path;
  }, [path]);
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <HubStrip />
      <main
        className="flex min-h-0 flex-1 flex-col outline-none"
        id="main"
        ref={main}
        tabIndex={-1}
      >
        <Outlet />
      </main>
    </div>
  );
}

function Evidence() {
  const { evidence } = useSearch({ strict: false });
  const navigate = useNavigate();
  const cursor = cursorIn(evidence);
  if (cursor === undefined) return null;
  const close = () =>
    void navigate({ to: ".", search: (search) => ({ ...search, evidence: undefined }) });
  return <EvidenceDialog cursor={cursor} key={evidence} onClose={close} />;
}
