import { type RefObject, useEffect } from "react";

/** "/" leads to a line from anywhere on the page, but not while somebody writes. */
export function useSlash(input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const jump = (event: KeyboardEvent) => {
      const writing =
        event.target instanceof Element && event.target.closest("input,select,textarea,dialog");
      if (event.key !== "/" || writing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", jump);
    return () => document.removeEventListener("keydown", jump);
  }, [input]);
}
