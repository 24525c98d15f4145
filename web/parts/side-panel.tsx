import { type ReactNode, useEffect, useRef } from "react";
import { IconButton } from "./button.tsx";

/** What is known of the one thing that was chosen; Escape closes it. */
export function SidePanel(props: {
  label: string;
  title: ReactNode;
  wide?: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const ref = useRef<HTMLElement>(null);
  const { onClose } = props;
  useEffect(() => {
    const opener = document.activeElement;
    ref.current?.focus({ preventScroll: true });
    return () => {
      // Whoever closes it from inside goes on where they came from.
      const inside = document.activeElement === document.body;
      if (inside && opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside
      aria-label={props.label}
      className={`flex min-h-0 shrink-0 animate-rise flex-col border-l border-line bg-surface outline-none max-lg:fixed max-lg:inset-0 max-lg:z-40 max-lg:w-full! ${props.wide ? "w-[30rem]" : "w-96"}`}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
      ref={ref}
      tabIndex={-1}
    >
      <header className="flex items-center gap-3 border-b border-line py-2.5 pr-3 pl-5">
        <h2 className="min-w-0 flex-1 text-base font-semibold">{props.title}</h2>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </header>
      <div className="scrolls min-h-0 flex-1 p-5">{props.children}</div>
    </aside>
  );
}
