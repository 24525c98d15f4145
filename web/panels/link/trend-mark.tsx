import type { Link } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { Icon } from "../../parts/icon.tsx";
import { trendOf } from "./breaker.ts";

/** Whether a link grows slower, as arrow and word. */
export function TrendMark({ link }: { link: Link }) {
  const trend = trendOf(link);
  if (trend === undefined) return null;
  const tone = trend.word === "slower" ? "text-degraded" : "text-muted";
  return (
    <span
      className={`flex items-center justify-end gap-1 text-xs whitespace-nowrap ${tone}`}
      title={`${trend.by} between the two halves of the last 64 round trips`}
    >
      <Icon name={trend.icon} size={11} />
      {trend.word}
    </span>
  );
}
