import { Dialog } from "../../parts/dialog.tsx";
import { queryKeys } from "./query-keys.ts";

const rules = [
  ["shop eu", "both words occur somewhere in what a node tells"],
  ['"web shop"', "these words, just so"],
  ["shop*", "a word that begins so"],
  ["state:offline,degraded", "any of these"],
  ["-tag:test", "not so; also !tag:test and NOT tag:test"],
] as const;

/** What the search understands, and what of the question it did not. */
export function QueryHelp(props: { troubles: readonly string[]; onClose: () => void }) {
  return (
    <Dialog onClose={props.onClose} title="What can I ask?" width="wide">
      {props.troubles.length > 0 && (
        <ul className="mb-4 rounded-lg bg-degraded-ground px-3 py-2 text-sm text-degraded">
          {props.troubles.map((trouble) => (
            <li className="wrap-anywhere" key={trouble}>
              {trouble}
            </li>
          ))}
        </ul>
      )}
      <Examples caption="Ways to ask" rows={rules} />
      <Examples
        caption="Keys"
        rows={queryKeys.map(({ example, meaning, known }) => [
          example,
          known ? `${meaning}: ${known.join(", ")}` : meaning,
        ])}
      />
      <p className="mt-4 text-xs text-muted">
        Capitals do not matter. All conditions have to hold. Nodes that told nothing have the value
        none, as in team:none.
      </p>
    </Dialog>
  );
}

function Examples(props: { caption: string; rows: readonly (readonly [string, string])[] }) {
  return (
    <table className="mb-3 w-full text-left text-sm">
      <caption className="pb-1 text-left text-xs font-medium text-muted">{props.caption}</caption>
      <tbody>
        {props.rows.map(([example, meaning]) => (
          <tr className="border-t border-line" key={example}>
            <th className="w-56 py-1.5 pr-4 font-mono text-xs font-normal text-ink" scope="row">
              {example}
            </th>
            <td className="py-1.5 text-muted">{meaning}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
