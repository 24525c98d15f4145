import { type ReactNode, useId } from "react";
import { Icon, type IconName } from "./icon.tsx";
import { useRefusal } from "./refusal.tsx";

interface ButtonProps {
  readonly children: ReactNode;
  readonly onClick?: () => void;
  readonly tone?: "plain" | "strong" | "danger" | "quiet";
  readonly icon?: IconName;
  readonly type?: "button" | "submit";
  readonly busy?: boolean;
  /** Why it cannot be pressed; the button stays focusable so that everybody can learn why. */
  readonly refusal?: string;
}

const shape =
  "inline-flex h-9 items-center gap-2 rounded-lg border px-3.5 text-sm font-medium " +
  "whitespace-nowrap transition-colors duration-150 aria-disabled:opacity-55 select-none";

const tones = {
  plain: "border-line-strong bg-surface hover:bg-sunken",
  strong: "border-accent bg-accent text-on-accent hover:opacity-90",
  danger: "border-offline text-offline bg-surface hover:bg-offline-ground",
  quiet: "border-transparent hover:bg-sunken text-muted hover:text-ink",
} as const;

/** A button; one that may not be pressed says why. */
export function Button(props: ButtonProps) {
  const { children, onClick, tone = "plain", icon, type = "button", busy = false, refusal } = props;
  const idle = busy || refusal !== undefined;
  const why = useRefusal(useId(), refusal);
  return (
    <>
      <button
        aria-busy={busy || undefined}
        aria-disabled={idle || undefined}
        className={`${shape} ${tones[tone]} ${idle ? "cursor-not-allowed" : ""}`}
        onClick={(event) => {
          if (idle) event.preventDefault();
          else onClick?.();
        }}
        type={type}
        {...why.events}
      >
        {icon && <Icon name={busy ? "wait" : icon} />}
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
      className="grid size-8 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink aria-pressed:bg-accent-ground aria-pressed:text-accent"
      onClick={onClick}
      title={label}
      type="button"
    >
      <Icon name={icon} />
    </button>
  );
}
