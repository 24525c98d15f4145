import { SelectField } from "../../parts/field.tsx";
import { families } from "../../parts/families.ts";
import { clip } from "../../parts/measure.ts";
import { useWatch } from "../node/nodes.tsx";
import { useEventSearch } from "./view.ts";

const wordMax = 60;

/** Which families, and whose; both stand in the address. */
export function EventFilter() {
  const [search, change] = useEventSearch();
  const { nodes } = useWatch();
  const names = [...nodes.values()].map(({ id, name }) => ({ value: id, word: name }));
  const types = [...families.keys()].map((type) => ({ value: type, word: type }));
  const { type = "", source = "" } = search;
  return (
    <div className="grid grid-cols-[minmax(0,13rem)_minmax(0,11rem)] gap-2">
      <SelectField
        hideLabel
        label="Family"
        onChange={(value) => change({ type: value || undefined })}
        options={choices("All families", types, type)}
        value={type}
      />
      <SelectField
        hideLabel
        label="Source"
        onChange={(value) => change({ source: value || undefined })}
        options={choices("All sources", names, source)}
        value={source}
      />
    </div>
  );
}

interface Choice {
  readonly value: string;
  readonly word: string;
}

/** By word; what the address asks for is there even if nobody knows it. */
function choices(all: string, known: readonly Choice[], chosen: string): readonly Choice[] {
  const sorted = known.toSorted((one, other) => (one.word < other.word ? -1 : 1));
  const stranger = chosen !== "" && !known.some(({ value }) => value === chosen);
  return [
    { value: "", word: all },
    ...(stranger ? [{ value: chosen, word: clip(chosen, wordMax) }] : []),
    ...sorted.map(({ value, word }) => ({ value, word: clip(word, wordMax) })),
  ];
}
