import type { Link } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { KeyFigure, KeyFigures } from "../../parts/key-figure.tsx";
import { countText, roundTripText, shortCount } from "../../parts/measure.ts";
import { totalsOf } from "./totals.ts";

/** All links at a glance, over the table that has them one by one. */
export function LinkFigures({ links }: { links: readonly Link[] }) {
  const { away, broken, errors, medianUs } = totalsOf(links);
  return (
    <div className="border-b border-line">
      <KeyFigures>
        <KeyFigure name="Median round trip" value={roundTripText(medianUs)} />
        <KeyFigure
          icon="offline"
          name="Without a connection"
          tone={away > 0 ? "text-offline" : "text-muted"}
          value={countText(away)}
        />
        <KeyFigure
          icon="degraded"
          name="Breakers open"
          tone={broken > 0 ? "text-degraded" : "text-muted"}
          value={countText(broken)}
        />
        <KeyFigure
          icon="warning"
          name="Errors, as the nodes told"
          tone={errors > 0n ? "text-ink" : "text-muted"}
          value={shortCount(errors)}
        />
      </KeyFigures>
    </div>
  );
}
