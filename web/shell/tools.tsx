import type { ReactNode } from "react";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Name } from "../parts/name.tsx";
import { useViews } from "../panels/person/use-views.ts";
import { type Overlay, showOverlay } from "./overlay.ts";
import { prepareOverlay } from "./overlays.tsx";

/** What helps on every page: the palette, the saved views. */
export function Tools() {
  return (
    <div className="flex gap-1 lg:mb-2 lg:flex-col">
      <Tool className="border-line-strong bg-ground" icon="search" overlay="palette">
        <span className="min-w-0 flex-1 truncate text-left max-lg:sr-only">Search or run</span>
        <kbd className="font-sans text-2xs whitespace-nowrap max-lg:hidden">{paletteKey}</kbd>
      </Tool>
      <ViewsTool />
    </div>
  );
}

const isApple = /Mac|iP(ad|hone|od)/u.test(navigator.userAgent);

/** The key that opens the palette, as this keyboard has it. */
export const paletteKey = isApple ? "⌘ K" : "Ctrl K";

function ViewsTool() {
  const { present } = useViews();
  return (
    <Tool className="border-transparent hover:bg-sunken" icon="view" overlay="views">
      <span className="min-w-0 text-left max-lg:sr-only">
        {present === undefined ? (
          "Views"
        ) : (
          <>
            <span className="sr-only">Views: </span>
            <Name text={present.view.name} />
          </>
        )}
      </span>
      {present?.changed === true && (
        <span className="ml-auto rounded bg-degraded-ground px-1.5 text-2xs text-degraded max-lg:hidden">
          changed
        </span>
      )}
    </Tool>
  );
}

/** The list of all keys. */
export function KeysTool() {
  return (
    <Tool className="border-transparent hover:bg-sunken" icon="keys" overlay="keys">
      <span className="max-lg:sr-only">Keys</span>
      <kbd className="ml-auto rounded border border-line px-1 font-sans text-2xs max-lg:hidden">
        ?
      </kbd>
    </Tool>
  );
}

function Tool(props: { overlay: Overlay; icon: IconName; className: string; children: ReactNode }) {
  const prepare = () => prepareOverlay(props.overlay);
  return (
    <button
      aria-haspopup="dialog"
      className={`flex h-9 w-full min-w-9 items-center gap-2 rounded-lg border px-2 text-sm font-medium text-muted hover:text-ink ${props.className}`}
      onClick={() => showOverlay(props.overlay)}
      onFocus={prepare}
      onPointerEnter={prepare}
      type="button"
    >
      <Icon name={props.icon} />
      {props.children}
    </button>
  );
}
