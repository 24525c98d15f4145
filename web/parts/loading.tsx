import { useEffect, useState } from "react";
import { after } from "./clock.ts";

/** Quick answers need no sign of waiting. */
const patienceMs = 180;

/** Room for the text to come, with grey lines in it once it takes longer than one notices. */
export function Loading({ label, lines = 3 }: { label: string; lines?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => after(patienceMs, () => setLate(true)), []);
  return (
    <div aria-busy="true" className="flex flex-col gap-3 p-5" role="status">
      <span className="sr-only">{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span
          className={`h-3.5 animate-[breathe_1.6s_ease-in-out_infinite] rounded bg-line ${late ? "" : "invisible"}`}
          key={line}
          style={{ width: `${88 - ((line * 17) % 40)}%` }}
        />
      ))}
    </div>
  );
}
