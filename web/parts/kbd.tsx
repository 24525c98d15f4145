/** A key to press, as it is written on the keyboard. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-grid h-5 min-w-5 place-items-center rounded-sm border border-line-strong border-b-2 bg-surface px-1 font-mono text-2xs text-muted">
      {children}
    </kbd>
  );
}
