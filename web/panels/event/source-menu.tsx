import { useState } from "react";
import { inputShape } from "../../parts/field.tsx";
import { countText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { toggled } from "../../shell/search.ts";
import { useSession } from "../../shell/session.tsx";
import { Drop } from "./drop.tsx";
import { Choice } from "./family-menu.tsx";
import { hubSource, useSources } from "./sources.ts";
import { useEventView } from "./view.ts";

const widthPx = 320;
/** More than this nobody looks through; the rest is found by name. */
const shownMax = 100;
/** As many as the hub takes in one wish. */
const wantedMax = 64;

/** Whose events are shown: the hub's, those of some nodes, or those that name me. */
export function SourceMenu() {
  const [{ sources }] = useEventView();
  return (
    <Drop count={sources.length} label="Sources" widthPx={widthPx}>
      <Sources />
    </Drop>
  );
}

function Sources() {
  const [{ sources: wanted }, change] = useEventView();
  const [find, setFind] = useState("");
  const all = useSources() ?? [];
  const found = all.filter(({ name }) => name.toLowerCase().includes(find.trim().toLowerCase()));
  const pick = (name: string) => {
    const next = toggled(wanted.join(","), name);
    if ((next?.split(",").length ?? 0) <= wantedMax) change({ source: next });
  };
  return (
    <>
      <div className="sticky top-0 flex flex-col gap-2 border-b border-line bg-raised px-4 py-2.5">
        <Quick />
        <input
          aria-label="Find a source"
          className={inputShape}
          onChange={(event) => setFind(event.target.value)}
          placeholder="Find a source"
          spellCheck={false}
          type="search"
          value={find}
        />
      </div>
      <ul className="py-1">
        <SourceRow id={hubSource} name="the hub" onPick={pick} wanted={wanted} />
        {found.slice(0, shownMax).map(({ id, name }) => (
          <SourceRow id={id} key={id} name={name} onPick={pick} wanted={wanted} />
        ))}
      </ul>
      {found.length > shownMax && (
        <p className="border-t border-line px-4 py-2 text-xs text-muted">
          Showing {shownMax} of {countText(found.length)}; find the others by name.
        </p>
      )}
    </>
  );
}

/** What is asked for most. */
function Quick() {
  const [{ sources, words }, change] = useEventView();
  const { person } = useSession();
  const me = `person/${person?.id ?? ""}`;
  const hubOnly = sources.length === 1 && sources[0] === hubSource;
  return (
    <div className="flex flex-wrap gap-1.5">
      <Choice
        label="Only what the hub tells"
        onClick={() => change({ source: hubOnly ? undefined : hubSource })}
        pressed={hubOnly}
        word="Hub only"
      />
      <Choice
        label="Only what names me"
        onClick={() => change({ q: words === me ? undefined : me })}
        pressed={words === me}
        word="Names me"
      />
    </div>
  );
}

function SourceRow(props: {
  id: string;
  name: string;
  wanted: readonly string[];
  onPick: (id: string) => void;
}) {
  const { id, name, wanted, onPick } = props;
  return (
    <li>
      <label className="flex cursor-pointer items-center gap-2.5 px-4 py-1 text-sm hover:bg-sunken">
        <input
          checked={wanted.includes(id)}
          className="size-4 shrink-0 accent-accent"
          onChange={() => onPick(id)}
          type="checkbox"
        />
        <Name text={name} />
      </label>
    </li>
  );
}
