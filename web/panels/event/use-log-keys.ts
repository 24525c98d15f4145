import { useEffect, useRef } from "react";

interface LogKeys {
  readonly onPause: () => void;
  /** 1 for the next older event, -1 for the next newer one. */
  readonly onStep: (step: 1 | -1) => void;
  readonly onClose: () => void;
}

/** Where a key belongs to what has the focus. */
const writing = "input,select,textarea,[popover],dialog";
const pressing = `button:not([data-row]),a,summary,[role=button],${writing}`;

/** The keys of the whole page, wherever the focus is but where somebody writes. */
export function useLogKeys(keys: LogKeys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    const act = (event: KeyboardEvent) => {
      const { target, key } = event;
      if (!(target instanceof Element) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.defaultPrevented || target.closest(writing)) return;
      if (key === " ") {
        if (target.closest(pressing)) return;
        event.preventDefault();
        current.current.onPause();
      } else if (key === "j" || key === "k") {
        current.current.onStep(key === "j" ? 1 : -1);
      } else if (key === "Escape") {
        current.current.onClose();
      }
    };
    // A row is a button, which the release of the bar would press.
    const release = (event: KeyboardEvent) => {
      const onRow = event.target instanceof Element && event.target.matches("[data-row]");
      if (event.key === " " && onRow) event.preventDefault();
    };
    document.addEventListener("keydown", act);
    document.addEventListener("keyup", release);
    return () => {
      document.removeEventListener("keydown", act);
      document.removeEventListener("keyup", release);
    };
  }, []);
}
