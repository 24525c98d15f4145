import type { Link } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { AlarmFigure, KeyFigure, KeyFigures } from "../../parts/key-figure.tsx";
import { roundTripText } from "../../parts/measure.ts";
import { totalsOf } from "./totals.ts";

/** All links at a glance, over the table that has them one by one. */
export function LinkFigures({ links }: { links: readonly Link[] }) {
  const { away, broken, errors, medianUs } = totalsOf(links);
  return (
    <KeyFigures strip>
      <KeyFigure name="Median round trip" value={roundTripText(medianUs)} />
      <AlarmFigure count={away} icon="offline" name="Without a connection" tone="text-offline" />
      <AlarmFigure count={broken} icon="degraded" name="Breakers open" tone="text-degraded" />
      <AlarmFigure count={errors} icon="warning" name="Errors, as the nodes told" tone="text-ink" />
    </KeyFigures>
  );
}
