import { useNavigate, useSearch } from "@tanstack/react-router";
import { SelectField } from "../../parts/field.tsx";
import { clip } from "../../parts/measure.ts";
import { families } from "../../parts/families.ts";
import { useWatch } from "../node/nodes.tsx";

/** Which families, and whose; both stand in the address. */
export function EventFilter() {
  const search = useSearch({ from: "/layout/event" });
  const navigate = useNavigate({ from: "/event" });
  const { nodes } = useWatch();
  const sorted = [...nodes.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  const known = [...families.keys()].sort();
  const type = search.type ?? "";
  return (
    <div className="grid grid-cols-[minmax(0,13rem)_minmax(0,11rem)] gap-2">
      <SelectField
        hideLabel
        label="Family"
        onChange={(value) =>
          void navigate({ search: (before) => ({ ...before, type: value || undefined }) })
        }
        value={type}
      >
        <option value="">All families</option>
        {type !== "" && !known.includes(type) && <option value={type}>{clip(type, 60)}</option>}
        {known.map((family) => (
          <option key={family} value={family}>
            {family}
          </option>
        ))}
      </SelectField>
      <SelectField
        hideLabel
        label="Source"
        onChange={(value) =>
          void navigate({ search: (before) => ({ ...before, source: value || undefined }) })
        }
        value={search.source ?? ""}
      >
        <option value="">All sources</option>
        {search.source !== undefined && !nodes.has(search.source) && (
          <option value={search.source}>{clip(search.source, 60)}</option>
        )}
        {sorted.map((node) => (
          <option key={node.id} value={node.id}>
            {clip(node.name, 60)}
          </option>
        ))}
      </SelectField>
    </div>
  );
}
