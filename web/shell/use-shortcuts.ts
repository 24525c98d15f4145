import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { after } from "../parts/clock.ts";
import { type Overlay, overlayShown, showOverlay } from "./overlay.ts";
import { goMs, meaningOf } from "./shortcuts.ts";

const typed = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

/** The keys that do something on every page. */
export function useShortcuts(prepare: (overlay: Overlay) => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    let forget: (() => void) | undefined;
    const listen = (event: KeyboardEvent) => {
      const going = forget !== undefined;
      const meaning = event.defaultPrevented
        ? { do: "nothing" as const }
        : meaningOf({ ...pressOf(event), going }, overlayShown());
      forget?.();
      forget = undefined;
      if (meaning.do === "nothing") return;
      if (meaning.do === "prepare") return prepare("palette");
      event.preventDefault();
      if (meaning.do === "open") showOverlay(meaning.overlay);
      else if (meaning.do === "close") showOverlay(undefined);
      else if (meaning.do === "go") void navigate({ to: meaning.to });
      else forget = after(goMs, () => (forget = undefined));
    };
    window.addEventListener("keydown", listen);
    return () => {
      forget?.();
      window.removeEventListener("keydown", listen);
    };
  }, [navigate, prepare]);
}

function pressOf(event: KeyboardEvent) {
  const { key, ctrlKey: ctrl, metaKey: meta, altKey: alt, target } = event;
  const typing = target instanceof Element && target.matches(typed);
  return { key, ctrl, meta, alt, typing, covered: document.querySelector("dialog[open]") !== null };
}
