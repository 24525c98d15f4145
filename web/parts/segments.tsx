import { useEffect, useRef } from "react";
import { Icon, type IconName } from "./icon.tsx";

interface SegmentsProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { value: Value; word: string; icon?: IconName }[];
  readonly onChange: (value: Value) => void;
}

/** One of few, all in sight. */
export function Segments<Value extends string>(props: SegmentsProps<Value>) {
  const { label, value, options, onChange } = props;
  const group = useRef<HTMLDivElement>(null);
  const at = options.findIndex((option) => option.value === value);
  const words = options.map(({ word }) => word).join();
  // Where there is no room for all of them, the chosen one is in sight, also once words grow.
  useEffect(() => {
    const chosen = words === "" ? undefined : group.current?.children[at];
    if (chosen !== undefined) scrollAcross(group.current?.parentElement, chosen);
  }, [at, words]);
  return (
    <div
      aria-label={label}
      className="flex rounded-lg border border-line bg-sunken p-0.5"
      ref={group}
      role="group"
    >
      {options.map((option) => (
        <button
          aria-pressed={option.value === value}
          className="inline-flex h-7 items-center gap-1.5 rounded-md px-2.5 text-xs font-medium text-muted hover:text-ink aria-pressed:bg-surface aria-pressed:text-ink aria-pressed:shadow-card"
          key={option.value}
          onClick={() => onChange(option.value)}
          type="button"
        >
          {option.icon && <Icon name={option.icon} size={14} />}
          {option.word}
        </button>
      ))}
    </div>
  );
}

/** Sideways only: `scrollIntoView` would move the page as well. */
function scrollAcross(frame: Element | null | undefined, to: Element): void {
  if (!frame) return;
  const [box, part] = [frame.getBoundingClientRect(), to.getBoundingClientRect()];
  if (part.left < box.left) frame.scrollLeft -= box.left - part.left;
  else if (part.right > box.right) frame.scrollLeft += part.right - box.right;
}
