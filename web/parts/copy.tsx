import { useEffect, useState } from "react";
import { after } from "./clock.ts";
import { copyText } from "./copy-text.ts";
import { Icon } from "./icon.tsx";

const shownMs = 1_600;

/** Copies a text; says so to everybody. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<"idle" | "done" | "failed">("idle");
  useEffect(() => (state === "idle" ? undefined : after(shownMs, () => setState("idle"))), [state]);
  const copy = () =>
    copyText(text).then(
      () => setState("done"),
      () => setState("failed"),
    );
  const words = { idle: label, done: "Copied", failed: "Select and copy by hand" }[state];
  return (
    <button
      className="inline-flex h-8 shrink-0 items-center gap-1.5 rounded-md border border-line bg-surface px-2.5 text-xs font-medium text-muted hover:border-line-strong hover:text-ink"
      onClick={() => void copy()}
      type="button"
    >
      <Icon name={state === "done" ? "check" : "copy"} size={14} />
      <span aria-live="polite">{words}</span>
    </button>
  );
}

/** A command to be typed, with a button that copies it. */
export function Command({ text, label = "Copy" }: { text: string; label?: string }) {
  return (
    <div className="flex min-w-0 items-center gap-2 rounded-lg border border-line bg-sunken py-1.5 pr-1.5 pl-3">
      <code className="scrolls min-w-0 flex-1 font-mono text-xs whitespace-nowrap" tabIndex={0}>
        {text}
      </code>
      <CopyButton label={label} text={text} />
    </div>
  );
}
