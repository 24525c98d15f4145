import { ColourKey } from "./colour-key.tsx";
import type { Detail } from "./layout.ts";
import { type DrawnTie, isSchema } from "./tie-lines.tsx";

/** What the lines mean, as far as there are such lines. */
export function MapKey({ ties, detail }: { ties: readonly DrawnTie[]; detail: Detail }) {
  const rows = [
    { word: "link to the hub", dash: "", stroke: "stroke-online", shown: true },
    {
      word: "depends on a package of",
      dash: "7 5",
      stroke: "stroke-tie",
      shown: ties.some(({ tie }) => !tie.mutual),
    },
    {
      word: "both share a schema",
      dash: "1 6",
      stroke: "stroke-schema",
      shown: ties.some(({ tie }) => isSchema(tie.kind)),
    },
  ];
  return (
    <div className="pointer-events-none absolute bottom-4 left-5 text-2xs text-muted">
      <ColourKey />
      <ul className="flex flex-col gap-1">
        {rows.flatMap((row) =>
          row.shown ? (
            <li className="flex items-center gap-2" key={row.word}>
              <svg aria-hidden="true" height="6" width="30">
                <line
                  className={row.stroke}
                  strokeDasharray={row.dash}
                  strokeLinecap="round"
                  strokeWidth="2"
                  x1="2"
                  x2="28"
                  y1="3"
                  y2="3"
                />
              </svg>
              {row.word}
            </li>
          ) : (
            []
          ),
        )}
      </ul>
      {detail === "dot" && <p className="mt-1">Ties are drawn for the node that has the focus.</p>}
    </div>
  );
}
