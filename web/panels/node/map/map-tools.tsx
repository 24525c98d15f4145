import { IconButton } from "../../../parts/button.tsx";
import type { ViewportControl } from "./use-viewport.ts";
import { zoomStep } from "./viewport.ts";

/** Nearer, farther, everything. */
export function MapTools({ control }: { control: ViewportControl }) {
  return (
    <div
      aria-label="Zoom"
      className="absolute right-4 bottom-4 flex flex-col gap-0.5 rounded-xl border border-line bg-raised p-1 shadow-card"
      role="group"
    >
      <IconButton icon="plus" label="Zoom in" onClick={() => control.zoom(zoomStep)} />
      <IconButton icon="minus" label="Zoom out" onClick={() => control.zoom(1 / zoomStep)} />
      <IconButton icon="fit" label="Show everything" onClick={control.fitAll} />
    </div>
  );
}
