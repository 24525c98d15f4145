import { type ReactNode, type ToggleEvent, useId, useRef, useState } from "react";
import { Icon, type IconName } from "../../parts/icon.tsx";

const gapPx = 6;
const edgePx = 8;

interface DropProps {
  readonly label: string;
  readonly icon?: IconName;
  /** How many choices are made in it. */
  readonly count?: number;
  readonly widthPx: number;
  readonly children: ReactNode;
}

/** A button with a sheet below it; Escape and a click elsewhere close it, as the browser does. */
export function Drop({ label, icon, count = 0, widthPx, children }: DropProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const place = (event: ToggleEvent<HTMLDivElement>) => {
    const opens = event.newState === "open";
    setOpen(opens);
    const box = button.current?.getBoundingClientRect();
    if (!opens || box === undefined) return;
    const { style } = event.currentTarget;
    const left = Math.min(box.left, innerWidth - widthPx - edgePx);
    style.left = `${Math.max(edgePx, left)}px`;
    style.top = `${box.bottom + gapPx}px`;
    style.maxHeight = `${innerHeight - box.bottom - gapPx - edgePx}px`;
  };
  return (
    <>
      <button
        aria-expanded={open}
        className={`inline-flex h-8 items-center gap-1.5 rounded-lg border px-2.5 text-sm whitespace-nowrap hover:bg-sunken ${count > 0 ? "border-accent text-accent" : "border-line-strong"}`}
        popoverTarget={id}
        ref={button}
        type="button"
      >
        {icon && <Icon name={icon} size={14} />}
        {label}
        {count > 0 && <span className="figures">{count}</span>}
        <Icon name="down" size={11} />
      </button>
      <div
        aria-label={label}
        className="scrolls fixed m-0 rounded-xl border border-line-strong bg-raised p-0 text-ink shadow-lift"
        id={id}
        onBeforeToggle={place}
        popover="auto"
        role="dialog"
        style={{ width: widthPx, inset: "auto" }}
      >
        {open && children}
      </div>
    </>
  );
}
