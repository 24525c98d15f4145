import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

/** What a colour says, wherever it is shown. */
export type Tone = "online" | "degraded" | "offline" | "maintenance" | "retired" | "accent";

const tones: Readonly<Record<Tone, readonly [text: string, ground: string]>> = {
  online: ["text-online", "bg-online-ground"],
  degraded: ["text-degraded", "bg-degraded-ground"],
  offline: ["text-offline", "bg-offline-ground"],
  maintenance: ["text-maintenance", "bg-maintenance-ground"],
  retired: ["text-retired", "bg-retired-ground"],
  accent: ["text-accent", "bg-accent-ground"],
};

/** A word in a coloured ground, with a shape beside it; quiet where all is as it should be. */
export function Badge(props: {
  icon?: IconName;
  children: ReactNode;
  tone?: Tone;
  /** Without its ground: in a column of states, only what stands out should. */
  quiet?: boolean;
  text?: string;
  ground?: string;
}) {
  const [toneText, toneGround] = props.tone ? tones[props.tone] : ["text-muted", "bg-sunken"];
  const { text = toneText, ground = toneGround, quiet = false } = props;
  return (
    <span
      className={`inline-flex h-6 items-center gap-1.5 rounded-md align-middle text-xs font-medium whitespace-nowrap ${text} ${quiet ? "" : `px-2 ${ground}`}`}
    >
      {props.icon && <Icon name={props.icon} size={14} />}
      {props.children}
    </span>
  );
}

/** A word of somebody's own, e.g. a tag. */
export function Tag({ children }: { children: string }) {
  return (
    <bdi
      className="inline-block max-w-44 truncate rounded-sm border border-line px-1.5 py-0.5 font-mono text-2xs text-muted"
      title={children.slice(0, 200)}
    >
      {children.slice(0, 80)}
    </bdi>
  );
}
