import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Link } from "@tanstack/react-router";
import { EvidenceLink } from "../../parts/evidence.tsx";
import type { Fact } from "../../parts/fact.ts";
import { NotTold, Section } from "../../parts/section.tsx";
import { Ago } from "../../parts/time.tsx";
import { newestOf, type Latest } from "./latest.ts";

const newestMax = 5;

/** What the node told last, each with its evidence, and the way to all it told. */
export function EventSection({ node, latest }: { node: Node; latest: Latest }) {
  const facts = newestOf(latest, node.spiffeId, newestMax);
  return (
    <Section title="What it told last">
      {facts.length === 0 ? (
        <NotTold what="events" />
      ) : (
        <ul>
          {facts.map((fact) => (
            <FactLine fact={fact} key={String(fact.cursor)} />
          ))}
        </ul>
      )}
      <Link
        className="mt-1 inline-block text-sm text-accent underline underline-offset-4"
        search={{ source: node.id }}
        to="/event"
      >
        All its events
      </Link>
    </Section>
  );
}

function FactLine({ fact }: { fact: Fact }) {
  const { type, timeMs } = fact.event;
  return (
    <li className="flex min-h-8 items-center gap-3 text-sm">
      <bdi className="min-w-0 flex-1 truncate">{type}</bdi>
      <span className="figures text-xs text-muted">
        <Ago at={timeMs} />
      </span>
      <EvidenceLink cursor={fact.cursor} what={type} />
    </li>
  );
}
