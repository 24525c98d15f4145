import { countText } from "../../../parts/measure.ts";
import { useLags } from "../../sync/lag-store.ts";
import { ColourKey } from "./colour-key.tsx";
import type { Scene } from "./scene.ts";
import { isSchema } from "./tie-lines.tsx";

/** What the colours and lines mean, as far as they are there; and how what is seen is to be read. */
export function MapFoot({ scene }: { scene: Scene }) {
  const { late } = useLags();
  return (
    <footer className="flex min-h-10 flex-wrap items-center gap-x-5 gap-y-1 border-t border-line bg-surface px-4 py-1 text-2xs text-muted">
      <ColourKey />
      <ul className="flex flex-wrap gap-x-5 gap-y-1">
        {linesOf(scene, late).map((line) => (
          <li className="flex items-center gap-2" key={line.word}>
            <svg aria-hidden="true" height="6" width="30">
              <line
                className={line.stroke}
                strokeDasharray={line.dash}
                strokeLinecap="round"
                strokeWidth="2"
                x1="2"
                x2="28"
                y1="3"
                y2="3"
              />
            </svg>
            {line.word}
          </li>
        ))}
      </ul>
      <p className="figures ml-auto">{noteOn(scene)}</p>
    </footer>
  );
}

interface Line {
  readonly word: string;
  readonly dash: string;
  readonly stroke: string;
}

const link: Line = { word: "link to the hub", dash: "", stroke: "stroke-online" };
const lateLink: Line = { word: "sync is late", dash: "2 6", stroke: "stroke-degraded" };
const tie: Line = { word: "depends on", dash: "7 5", stroke: "stroke-tie" };
const schema: Line = { word: "shares a schema with", dash: "1 6", stroke: "stroke-schema" };

function linesOf(scene: Scene, late: ReadonlySet<string>): readonly Line[] {
  const { hub, level, ties, single } = scene;
  const isLate = hub && level !== "cluster" && single.some(({ id }) => late.has(id));
  const isTied = ties.some(({ tie: own }) => !isSchema(own.kind));
  const shared = ties.find(({ tie: own }) => isSchema(own.kind));
  return [
    ...(hub && level !== "cluster" ? [link] : []),
    ...(isLate ? [lateLink] : []),
    ...(isTied ? [tie] : []),
    ...(shared ? [{ ...schema, dash: shared.tie.mutual ? "1 6" : "7 5" }] : []),
  ];
}

function noteOn({ level, nodes, clusters, single, arrangement }: Scene): string {
  const homeless = nodes.length - arrangement.places.size;
  if (homeless > 0) return `Without a place yet, in the table only: ${countText(homeless)}.`;
  if (level === "cluster") {
    const marks = countText(clusters.length + single.length);
    return `${countText(nodes.length)} nodes in ${marks} clusters. Come nearer to see each.`;
  }
  if (single.length < nodes.length) {
    return `${countText(single.length)} of ${countText(nodes.length)} nodes are in sight.`;
  }
  return level === "dot" ? "Ties are drawn for the node that has the focus." : "";
}
