import { useRouterState } from "@tanstack/react-router";
import { Dialog } from "../../parts/dialog.tsx";
import { type KeyGroup, keyGroups } from "./keys.ts";

/** The keys of the app, those of the present page marked. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <Dialog onClose={onClose} title="Keys" width="wide">
      {/* Where it is taller than the window, the keyboard scrolls it. */}
      <section aria-label="All keys" className="gap-x-8 rounded-md sm:columns-2" tabIndex={0}>
        {keyGroups.map((group) => (
          <Group group={group} isHere={group.to === path} key={group.title} />
        ))}
      </section>
      <p className="text-xs text-muted">While you write in a field, single keys are yours.</p>
    </Dialog>
  );
}

function Group({ group, isHere }: { group: KeyGroup; isHere: boolean }) {
  return (
    <section className="mb-5 break-inside-avoid">
      <h3 className="mb-1.5 text-sm font-semibold">
        {group.title}
        {isHere && <span className="font-normal text-muted"> · this page</span>}
      </h3>
      <dl>
        {group.lines.map(({ keys, does }) => (
          <div
            className="flex items-center justify-between gap-4 border-t border-line py-1.5 text-sm"
            key={keys}
          >
            <dt className="order-2 flex gap-1">
              {keys.split(" ").map((key) => (
                <kbd
                  className="grid h-6 min-w-6 place-items-center rounded-md border border-line-strong bg-sunken px-1.5 font-mono text-xs"
                  key={key}
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="text-muted">{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
