import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { Loading } from "../parts/loading.tsx";
import { TroubleNote } from "../parts/note.tsx";
import { NodePage } from "../panels/node/node-page.tsx";
import { searchKeys } from "../panels/event/view.ts";
import { viewKeys } from "../panels/node/view.ts";
import { Layout } from "./layout.tsx";
import { lazyPage } from "./lazy-page.tsx";
import { NotFound } from "./not-found.tsx";
import { parseSearch, picker, stringifySearch } from "./search.ts";
import { SignInPage } from "./sign-in.tsx";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/signin",
  component: SignInPage,
});

const layout = createRoute({
  getParentRoute: () => root,
  id: "layout",
  component: Layout,
  validateSearch: picker("evidence"),
});

const index = createRoute({
  getParentRoute: () => layout,
  path: "/",
  beforeLoad: () => redirect({ to: "/node", throw: true }),
});

const node = createRoute({
  getParentRoute: () => layout,
  path: "/node",
  component: NodePage,
  validateSearch: picker(...viewKeys),
});

const event = createRoute({
  getParentRoute: () => layout,
  path: "/event",
  component: lazyPage(() => import("../panels/event/event-page.tsx"), "EventPage"),
  validateSearch: picker(...searchKeys),
});

const identity = createRoute({
  getParentRoute: () => layout,
  path: "/identity",
  component: lazyPage(() => import("../panels/identity/identity-page.tsx"), "IdentityPage"),
});

const access = createRoute({
  getParentRoute: () => layout,
  path: "/access",
  component: lazyPage(() => import("../panels/access/access-page.tsx"), "AccessPage"),
  validateSearch: picker("queue"),
});

const learning = createRoute({
  getParentRoute: () => layout,
  path: "/learning",
  component: lazyPage(() => import("../panels/learning/learning-page.tsx"), "LearningPage"),
  validateSearch: picker("selected", "cycle", "sort", "q"),
});

const link = createRoute({
  getParentRoute: () => layout,
  path: "/link",
  component: lazyPage(() => import("../panels/link/link-page.tsx"), "LinkPage"),
  validateSearch: picker("sort", "q"),
});

const sync = createRoute({
  getParentRoute: () => layout,
  path: "/sync",
  component: lazyPage(() => import("../panels/sync/sync-page.tsx"), "SyncPage"),
  validateSearch: picker("view", "q", "sort", "selected", "stream"),
});

const task = createRoute({
  getParentRoute: () => layout,
  path: "/task",
  component: lazyPage(() => import("../panels/task/task-page.tsx"), "TaskPage"),
  validateSearch: picker("view", "queue", "task", "state", "q", "sort"),
});

const person = createRoute({
  getParentRoute: () => layout,
  path: "/person",
  component: lazyPage(() => import("../panels/person/person-page.tsx"), "PersonPage"),
});

const tenant = createRoute({
  getParentRoute: () => layout,
  path: "/tenant",
  component: lazyPage(() => import("../panels/tenant/tenant-page.tsx"), "TenantPage"),
});

const hub = createRoute({
  getParentRoute: () => layout,
  path: "/hub",
  component: lazyPage(() => import("../panels/hub/hub-page.tsx"), "HubPage"),
});

const parts = createRoute({
  getParentRoute: () => layout,
  path: "/parts",
  component: lazyPage(() => import("../panels/parts/parts-page.tsx"), "PartsPage"),
});

/** Every page of the app, with everything that is chosen in the address. */
export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    layout.addChildren([
      index,
      node,
      learning,
      event,
      sync,
      task,
      identity,
      access,
      link,
      person,
      tenant,
      hub,
      parts,
    ]),
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultPendingComponent: () => <Loading label="Opening the page" lines={6} />,
  defaultErrorComponent: ({ error, reset }) => (
    <div className="p-6">
      <TroubleNote error={error} retry={reset} />
    </div>
  ),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
