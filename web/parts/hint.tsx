import { useRef } from "react";

const gapPx = 6;
const edgePx = 8;

/** A few words more, e.g. why something cannot be pressed: for the pointer and the keyboard. */
export function useHint(id: string, words: string | undefined) {
  const note = useRef<HTMLSpanElement>(null);
  const hide = () => note.current?.hidePopover();
  const show = (element: HTMLElement) => {
    if (note.current === null) return;
    note.current.showPopover();
    place(note.current, element.getBoundingClientRect());
  };
  if (words === undefined) return { events: {}, note: null };
  return {
    events: {
      "aria-describedby": id,
      onBlur: hide,
      onFocus: (event: { currentTarget: HTMLElement }) => show(event.currentTarget),
      onPointerEnter: (event: { currentTarget: HTMLElement }) => show(event.currentTarget),
      onPointerLeave: hide,
    },
    note: (
      <span
        className="fixed m-0 max-w-72 rounded-lg border border-line-strong bg-raised px-3 py-2 text-left text-xs font-normal whitespace-pre-line text-ink shadow-lift"
        id={id}
        popover="manual"
        ref={note}
        role="tooltip"
      >
        {words}
      </span>
    ),
  };
}

/** Below it, else above it, and never over the edge of the window. */
function place(note: HTMLElement, box: DOMRect): void {
  const { width, height } = note.getBoundingClientRect();
  const below = box.bottom + gapPx;
  const fits = below + height < innerHeight - edgePx;
  const left = Math.min(box.left, innerWidth - width - edgePx);
  note.style.inset = "auto";
  note.style.top = `${fits ? below : box.top - gapPx - height}px`;
  note.style.left = `${Math.max(edgePx, left)}px`;
}
