import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { factOf } from "../../parts/fact.ts";
import { clip } from "../../parts/measure.ts";
import type { Names } from "./narrow.ts";
import { useEvent } from "./evidence-dialog.tsx";
import { Part } from "./evidence-view.tsx";
import { Signer } from "./signer.tsx";
import { hubSource, useSources } from "./sources.ts";
import { type EventSearch, useEventView } from "./view.ts";

const wordMax = 60;

/** Whose key it is, and what else was told by the same source, of the same thing and kind. */
export function Around({ cursor, names }: { cursor: bigint; names: Names }) {
  const { data: answer } = useEvent(cursor);
  const event = answer?.event && factOf(answer.event)?.event;
  const sources = useSources();
  const [view] = useEventView();
  if (answer === undefined || event === undefined) return null;
  const { source, subject, type } = event;
  const node = sources?.find(({ spiffeId }) => spiffeId === source);
  const isHub = /\/hub\/[^/]+$/u.test(source);
  const by = isHub ? hubSource : (node?.id ?? source);
  const selected = view.selected?.toString();
  const not = [...new Set([...view.except, type])].join(",");
  return (
    <>
      <Part title={isHub ? "The hub's own key" : "What the certificate says"}>
        <Signer answer={answer} isHub={isHub} source={source} />
      </Part>
      <Part title="Around it">
        <ul className="flex flex-col items-start gap-1.5 text-sm">
          {node && (
            <li>
              <Link className={linkShape} search={{ selected: node.id }} to="/node">
                {clip(node.name, wordMax)} on the map
              </Link>
            </li>
          )}
          <To search={{ source: by, selected }}>
            All events of {isHub ? "the hub" : clip(names.get(source) ?? "this source", wordMax)}
          </To>
          {subject !== "" && (
            <To search={{ subject, selected }}>All events about {clip(subject, wordMax)}</To>
          )}
          <To search={{ type, selected }}>All of the family {clip(type, wordMax)}</To>
          <To search={{ not, selected }}>All but the family {clip(type, wordMax)}</To>
        </ul>
      </Part>
    </>
  );
}

const linkShape = "wrap-anywhere text-accent underline-offset-4 hover:underline";

function To({ search, children }: { search: EventSearch; children: ReactNode }) {
  return (
    <li>
      <Link className={linkShape} search={search} to="/event">
        {children}
      </Link>
    </li>
  );
}
