import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

/** A word in a coloured ground, with a shape beside it. */
export function Badge(props: {
  icon?: IconName;
  children: ReactNode;
  text?: string;
  ground?: string;
}) {
  const { text = "text-muted", ground = "bg-sunken" } = props;
  return (
    <span
      className={`inline-flex h-6 items-center gap-1.5 rounded-md px-2 text-xs font-medium whitespace-nowrap ${text} ${ground}`}
    >
      {props.icon && <Icon name={props.icon} size={13} />}
      {props.children}
    </span>
  );
}

/** A word of somebody's own, e.g. a tag. */
export function Tag({ children }: { children: string }) {
  return (
    <bdi
      className="inline-block max-w-44 truncate rounded border border-line px-1.5 py-0.5 font-mono text-2xs text-muted"
      title={children.slice(0, 200)}
    >
      {children.slice(0, 80)}
    </bdi>
  );
}
