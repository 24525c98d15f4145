import type { IconName } from "../../parts/icon.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Chapter, Sample } from "./sample.tsx";

const grounds = [
  ["ground", "bg-ground"],
  ["surface", "bg-surface"],
  ["raised", "bg-raised"],
  ["sunken", "bg-sunken"],
] as const;

const states: readonly (readonly [IconName, string, string, string])[] = [
  ["online", "online", "text-online", "bg-online-ground"],
  ["degraded", "degraded", "text-degraded", "bg-degraded-ground"],
  ["offline", "offline", "text-offline", "bg-offline-ground"],
  ["maintenance", "maintenance", "text-maintenance", "bg-maintenance-ground"],
  ["retired", "retired", "text-retired", "bg-retired-ground"],
  ["link", "tie", "text-tie", "bg-tie-ground"],
  ["table", "schema", "text-schema", "bg-schema-ground"],
  ["check", "accent", "text-accent", "bg-accent-ground"],
];

const hues = ["bg-hue-1", "bg-hue-2", "bg-hue-3", "bg-hue-4", "bg-hue-5"];
const edges = [
  ["line", "border-line"],
  ["line-strong", "border-line-strong"],
  ["edge", "border-edge"],
] as const;

/** Every colour, in both schemes side by side: the same names, another light. */
export function Colours() {
  return (
    <Chapter title="Colour">
      {(["light", "dark"] as const).map((scheme) => (
        <Sample
          bare
          key={scheme}
          name={`Colours, ${scheme}`}
          when="A colour never stands alone: an icon and a word stand beside it. The states stay apart without red, green or blue cones."
        >
          <div
            className="rounded-xl border border-line bg-ground p-4 text-ink"
            style={{ colorScheme: scheme }}
          >
            <Swatches />
          </div>
        </Sample>
      ))}
    </Chapter>
  );
}

function Swatches() {
  return (
    <div className="flex flex-col gap-3 text-xs">
      <div className="grid grid-cols-4 gap-2">
        {grounds.map(([name, look]) => (
          <div className={`rounded-lg border border-line p-2.5 ${look}`} key={name}>
            <span className="block font-medium text-ink">{name}</span>
            <span className="text-muted">muted</span>
          </div>
        ))}
      </div>
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-4">
        {states.map(([icon, name, text, ground]) => (
          <div
            className={`flex items-center gap-1.5 rounded-lg px-2.5 py-2 font-medium ${text} ${ground}`}
            key={name}
          >
            <Icon name={icon} size={14} />
            {name}
          </div>
        ))}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {hues.map((hue) => (
          <span className={`h-5 w-9 rounded-sm ${hue}`} key={hue} />
        ))}
        {edges.map(([name, look]) => (
          <span className={`rounded-md border bg-surface px-2 py-0.5 ${look}`} key={name}>
            {name}
          </span>
        ))}
      </div>
    </div>
  );
}
