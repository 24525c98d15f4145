/**
 * Within how many points of the mean a score counts as it is; beyond, it pulls as if it were there.
 */
export const pullMax = 12;

const halvings = 60;

/**
 * Huber's M-estimate of location (P. J. Huber, Robust Estimation of a Location Parameter, Annals of
 * Mathematical Statistics 35, 1964) with the fixed bound `pullMax`: the t at which the pulls of all
 * scores, each cut at the bound, sum to 0. Where a whole span of t does that, it is its middle.
 */
export function robustMean(scores: readonly number[]): number | undefined {
  if (scores.length === 0) return undefined;
  const pull = (t: number) =>
    scores.reduce((sum, score) => sum + Math.max(-pullMax, Math.min(pullMax, score - t)), 0);
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const first = lastWhere((t) => pull(t) > tiny, low, high);
  const last = lastWhere((t) => pull(t) >= -tiny, low, high);
  return (first + last) / 2;
}

/** What rounding may leave of a sum that is 0. */
const tiny = 1e-9;

/** Where a condition that holds below and not above stops to hold. */
function lastWhere(holds: (t: number) => boolean, low: number, high: number): number {
  let [below, above] = [low, high];
  for (let halving = 0; halving < halvings && below < above; halving++) {
    const middle = (below + above) / 2;
    if (holds(middle)) below = middle;
    else above = middle;
  }
  return (below + above) / 2;
}
