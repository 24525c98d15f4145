import { type ComponentType, useEffect, useState } from "react";
import { Dialog } from "../parts/dialog.tsx";
import { TroubleNote } from "../parts/note.tsx";
import { type Overlay, overlayShown, showOverlay, useOverlay } from "./overlay.ts";
import { useShortcuts } from "./use-shortcuts.ts";

type Part = ComponentType<{ onClose: () => void }>;

/** Each is fetched when it is first wanted: most visits need none of them. */
const loaders: Readonly<Record<Overlay, () => Promise<Part>>> = {
  palette: async () => (await import("../panels/palette/palette.tsx")).Palette,
  views: async () => (await import("../panels/person/views-dialog.tsx")).ViewsDialog,
  keys: async () => (await import("../panels/palette/keys-dialog.tsx")).KeysDialog,
};
const loaded: Partial<Record<Overlay, Part>> = {};

/** Fetches one before it is wanted; whether that works is seen when it is. */
export function prepareOverlay(overlay: Overlay): void {
  loadOverlay(overlay).catch(() => undefined);
}

async function loadOverlay(overlay: Overlay): Promise<Part> {
  loaded[overlay] ??= await loaders[overlay]();
  return loaded[overlay];
}

/** What lies over the page, and the keys that open it. */
export function Overlays() {
  const overlay = useOverlay();
  useShortcuts(prepareOverlay);
  // Whoever is signed out finds none of it open afterwards.
  useEffect(() => () => showOverlay(undefined), []);
  if (overlay === undefined) return null;
  return <Loaded key={overlay} overlay={overlay} />;
}

function Loaded({ overlay }: { overlay: Overlay }) {
  const [error, setError] = useState<unknown>();
  const [, setReady] = useState(false);
  const Part = loaded[overlay];
  const load = () => void loadOverlay(overlay).then(() => setReady(true), setError);
  const retry = () => {
    setError(undefined);
    load();
  };
  useEffect(load, [overlay]);
  // The palette may have led to another one meanwhile.
  const close = () => {
    if (overlayShown() === overlay) showOverlay(undefined);
  };
  if (Part !== undefined) return <Part onClose={close} />;
  if (error === undefined) return null;
  return (
    <Dialog onClose={close} title="This part of the page is not here">
      <TroubleNote error={error} retry={retry} />
    </Dialog>
  );
}
