import { countText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { useRows } from "../../parts/rows.tsx";
import { Section } from "../../parts/section.tsx";

const hubsStep = 12;

/** How many ops of each hub are here: two hubs with the same vector hold the same. */
export function VectorSection({ vector }: { vector: Readonly<Record<string, number>> }) {
  const hubs = Object.entries(vector).toSorted(([, one], [, other]) => other - one);
  const { rows, more } = useRows(hubs, hubsStep);
  return (
    <Section title="Seen, by the hub that took it">
      {hubs.length === 0 && <p className="text-sm text-muted">Nothing yet.</p>}
      <dl className="divide-y divide-line text-sm">
        {rows.map(([hub, count]) => (
          <div className="flex min-h-8 items-center justify-between gap-3" key={hub}>
            <dt className="min-w-0">
              <Name className="font-mono text-xs" text={hub} />
            </dt>
            <dd className="figures">{countText(count)}</dd>
          </div>
        ))}
      </dl>
      {more}
    </Section>
  );
}
