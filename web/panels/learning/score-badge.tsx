import { Icon } from "../../parts/icon.tsx";
import { trustLook } from "./health.ts";
import { scoreText } from "./score.ts";

/** A score with its shape and, for who does not see that, its word. */
export function ScoreBadge({
  score,
  large = false,
}: {
  score: number | undefined;
  large?: boolean;
}) {
  const look = trustLook(score);
  return (
    <span
      className={`figures inline-flex items-center gap-1.5 align-middle font-semibold whitespace-nowrap ${look.text} ${large ? "text-2xl" : "text-sm"}`}
      title={look.because}
    >
      <Icon name={look.icon} size={large ? 22 : 14} />
      {scoreText(score)}
      <span className={large ? "text-sm font-medium" : "sr-only"}>{look.word}</span>
    </span>
  );
}
