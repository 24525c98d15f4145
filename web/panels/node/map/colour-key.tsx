import { Icon } from "../../../parts/icon.tsx";
import { Segments } from "../../../parts/segments.tsx";
import { degradedMin, healthyMin, trustLook } from "../../learning/health.ts";
import { useNodeView } from "../view.ts";

const steps = [
  { score: healthyMin, word: `${healthyMin} and more` },
  { score: degradedMin, word: `${degradedMin} and more` },
  { score: 0, word: "less" },
  { score: undefined, word: "unknown" },
] as const;

/** What the colours tell, and the way to have them tell something else. */
export function ColourKey() {
  const [view, change] = useNodeView();
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
      <span className="pointer-events-auto">
        <Segments
          label="Colour of the nodes"
          onChange={(value) => change({ colour: value === "trust" ? value : undefined }, true)}
          options={[
            { value: "state", word: "State" },
            { value: "trust", word: "Trust" },
          ]}
          value={view.colour}
        />
      </span>
      {view.colour === "trust" && (
        <ul className="flex gap-3">
          {steps.map(({ score, word }) => {
            const look = trustLook(score);
            return (
              <li className={`inline-flex items-center gap-1 ${look.text}`} key={word}>
                <Icon name={look.icon} size={12} />
                {word}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
