import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { IconButton } from "./button.tsx";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly width?: "narrow" | "wide";
  /** Without a head of its own: what is in it fills it, and it stands where eyes are. */
  readonly bare?: boolean;
}

/** The browser's own dialog: it keeps the focus, closes on Escape and gives the focus back. */
export function Dialog(props: DialogProps) {
  const { title, onClose, children, width = "narrow", bare = false } = props;
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Before it leaves the page: one that is gone gives no focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      aria-labelledby={titleId}
      className={`${bare ? "mx-auto mt-[12dvh] mb-auto" : "m-auto"} max-h-[88dvh] w-[calc(100%-2rem)] overflow-hidden rounded-2xl border border-line bg-raised p-0 text-ink shadow-lift ${width === "wide" ? "max-w-3xl" : "max-w-lg"}`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
      ref={ref}
    >
      {bare ? (
        <>
          <h2 className="sr-only" id={titleId}>
            {title}
          </h2>
          {children}
        </>
      ) : (
        <div className="flex max-h-[88dvh] flex-col">
          <header className="flex items-center justify-between gap-3 border-b border-line py-3 pr-3 pl-5">
            <h2 className="text-base font-semibold" id={titleId}>
              {title}
            </h2>
            <IconButton icon="close" label="Close" onClick={onClose} />
          </header>
          <div className="scrolls min-h-0 p-5">{children}</div>
        </div>
      )}
    </dialog>
  );
}
