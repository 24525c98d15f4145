import { families } from "../../parts/families.ts";
import { clip, countText } from "../../parts/measure.ts";
import { toggled } from "../../shell/search.ts";
import { Drop } from "./drop.tsx";
import type { Log } from "./log.ts";
import { useEventView } from "./view.ts";

const widthPx = 400;
const typeMax = 128;

/** What nodes tell again and again, whether anything happened or not. */
const beat = ["hub.health", "telemetry_sync"];

/** Which families are shown, and which are left out. */
export function FamilyMenu({ log }: { log: Log }) {
  const [{ types, except }] = useEventView();
  return (
    <Drop count={types.length + except.length} label="Families" widthPx={widthPx}>
      <Families log={log} />
    </Drop>
  );
}

function Families({ log }: { log: Log }) {
  const [{ types, except }, change] = useEventView();
  const counts = countsOf(log);
  const known = new Set([...families.keys(), ...counts.keys(), ...types, ...except]);
  const quiet = beat.every((type) => except.includes(type));
  const hideBeat = () => {
    const rest = except.filter((type) => !beat.includes(type));
    change({ not: (quiet ? rest : [...rest, ...beat]).join(",") || undefined });
  };
  return (
    <>
      <div className="sticky top-0 flex items-center gap-2 border-b border-line bg-raised px-4 py-2">
        <span className="flex-1 text-xs text-muted">Only these, or all but these.</span>
        <Choice label="Hide the steady beat" onClick={hideBeat} pressed={quiet} word="Hide beat" />
      </div>
      <ul className="py-1">
        {[...known].toSorted().map((type) => (
          <li className="flex items-center gap-2 px-4 py-0.5 hover:bg-sunken" key={type}>
            <bdi className="min-w-0 flex-1 truncate font-mono text-xs" title={clip(type, typeMax)}>
              {clip(type, typeMax)}
            </bdi>
            <span className="figures text-2xs text-muted">{countText(counts.get(type) ?? 0)}</span>
            <Choice
              label={`Only ${clip(type, typeMax)}`}
              onClick={() => change(onlyOf(types, except, type))}
              pressed={types.includes(type)}
              word="Only"
            />
            <Choice
              label={`Hide ${clip(type, typeMax)}`}
              onClick={() => change(hideOf(types, except, type))}
              pressed={except.includes(type)}
              word="Hide"
            />
          </li>
        ))}
      </ul>
    </>
  );
}

/** A family cannot be asked for and left out. */
function onlyOf(types: readonly string[], except: readonly string[], type: string) {
  const rest = except.filter((each) => each !== type);
  return { type: toggled(types.join(","), type), not: rest.join(",") || undefined };
}

function hideOf(types: readonly string[], except: readonly string[], type: string) {
  const rest = types.filter((each) => each !== type);
  return { not: toggled(except.join(","), type), type: rest.join(",") || undefined };
}

function countsOf(log: Log): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of log.rows) {
    if (row.case === "gap") continue;
    const { type } = row.fact.event;
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

/** A small button that stays pressed. */
export function Choice(props: {
  label: string;
  word: string;
  pressed: boolean;
  onClick: () => void;
}) {
  return (
    <button
      aria-label={props.label}
      aria-pressed={props.pressed}
      className="h-6 shrink-0 rounded-md border border-line px-2 text-2xs font-medium text-muted hover:border-line-strong hover:text-ink aria-pressed:border-accent aria-pressed:bg-accent-ground aria-pressed:text-accent"
      onClick={props.onClick}
      type="button"
    >
      {props.word}
    </button>
  );
}
