import type { ReactNode } from "react";
import { Command } from "../parts/copy.tsx";
import { Mark } from "../parts/icon.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";

/** The page of somebody the hub does not know: how to get in, and nothing else. */
export function SignedOut({ children }: { children?: ReactNode }) {
  return (
    <main className="scrolls grid h-full place-items-center p-6">
      <div className="w-full max-w-md animate-rise">
        <Mark size={44} />
        <h1 className="mt-6 text-2xl font-semibold tracking-tight">Sign in to this federation</h1>
        {children ?? (
          <p className="mt-2 text-muted">
            This hub does not know this browser, or the session has lapsed. You come back to where
            you were.
          </p>
        )}
        <p className="mt-6 mb-2 text-sm font-medium">
          On the machine of the hub, ask for a link and open it here:
        </p>
        <Command text="npx foedus person link" />
        <p className="mt-3 text-sm text-muted">
          A link signs one browser in, once. The first start of a hub prints one too.
        </p>
        <div className="mt-10 w-36">
          <ThemeSwitch />
        </div>
      </div>
    </main>
  );
}
