import { type ReactNode, useId } from "react";
import { useHint } from "./hint.tsx";
import { Icon, type IconName } from "./icon.tsx";

interface ButtonProps {
  readonly children: ReactNode;
  readonly onClick?: () => void;
  readonly tone?: "plain" | "strong" | "danger" | "quiet";
  readonly icon?: IconName;
  readonly type?: "button" | "submit";
  readonly busy?: boolean;
  /** In the row of a table. */
  readonly small?: boolean;
  /** Why it cannot be pressed; the button stays focusable so that everybody can learn why. */
  readonly refusal?: string;
}

const shape =
  "inline-flex items-center rounded-lg border font-medium whitespace-nowrap select-none " +
  "transition-colors duration-quick aria-disabled:opacity-60";
const sizes = { large: "h-9 gap-2 px-3.5 text-sm", small: "h-8 gap-1.5 px-2.5 text-xs" } as const;

const tones = {
  plain: "border-line-strong bg-surface hover:bg-sunken",
  strong: "border-accent bg-accent text-on-accent hover:border-accent-press hover:bg-accent-press",
  danger: "border-offline bg-surface text-offline hover:bg-offline-ground",
  quiet: "border-transparent text-muted hover:bg-sunken hover:text-ink",
} as const;

/** A button; one that may not be pressed says why. */
export function Button(props: ButtonProps) {
  const { children, onClick, tone = "plain", icon, type = "button", refusal } = props;
  const { busy = false, small = false } = props;
  const idle = busy || refusal !== undefined;
  // In a row, the word of a quiet one stands at the edge of its column.
  const edge = small && tone === "quiet" ? "-mr-2.5" : "";
  const why = useHint(useId(), refusal);
  return (
    <>
      <button
        aria-busy={busy || undefined}
        aria-disabled={idle || undefined}
        className={`${shape} ${sizes[small ? "small" : "large"]} ${tones[tone]} ${edge} ${idle ? "cursor-not-allowed" : ""}`}
        onClick={(event) => {
          if (idle) event.preventDefault();
          else onClick?.();
        }}
        type={type}
        {...why.events}
      >
        {icon && (
          <span className={busy ? "animate-breathe" : ""}>
            <Icon name={busy ? "wait" : icon} size={small ? 14 : 16} />
          </span>
        )}
        {children}
      </button>
      {why.note}
    </>
  );
}

/** A button that is only a drawing; its name is told to those who do not see it. */
export function IconButton({
  label,
  icon,
  onClick,
  pressed,
}: {
  label: string;
  icon: IconName;
  onClick: () => void;
  pressed?: boolean;
}) {
  return (
    <button
      aria-label={label}
      aria-pressed={pressed}
      className="grid size-8 place-items-center rounded-lg text-muted transition-colors duration-quick hover:bg-sunken hover:text-ink aria-pressed:bg-accent-ground aria-pressed:text-accent"
      onClick={onClick}
      title={label}
      type="button"
    >
      <Icon name={icon} />
    </button>
  );
}
