import { useEffect, useState } from "react";
import { after } from "./clock.ts";

/** Quick answers need no sign of waiting. */
const patienceMs = 180;

/** Room for what comes, with grey lines in it once it takes longer than one notices. */
export function Loading({
  label,
  lines = 3,
  table = false,
}: {
  label: string;
  lines?: number;
  /** As high as a table with so many rows: what comes moves nothing. */
  table?: boolean;
}) {
  const [late, setLate] = useState(false);
  useEffect(() => after(patienceMs, () => setLate(true)), []);
  const line = `rounded-sm bg-line ${late ? "animate-breathe" : "invisible"}`;
  return (
    <div
      aria-busy="true"
      className={table ? "divide-y divide-line" : "flex flex-col gap-3 p-5"}
      role="status"
    >
      <span className="sr-only">{label}</span>
      {table && <div className="h-10" />}
      {Array.from({ length: lines }, (_, at) => (
        <div className={table ? "flex h-11 items-center gap-6 px-5" : ""} key={at}>
          <div className={`h-3 ${line}`} style={{ width: `${88 - ((at * 17) % 40)}%` }} />
          {table && <div className={`h-3 w-24 shrink-0 ${line}`} />}
        </div>
      ))}
    </div>
  );
}
