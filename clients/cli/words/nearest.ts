/** Those of the names that somebody who typed `text` may have meant, best first. */
export function nearest(text: string, names: readonly string[], most = 3): string[] {
  const typed = text.toLowerCase();
  const ranked = names.map((name) => ({ name, distance: distanceOf(typed, name.toLowerCase()) }));
  const best = Math.min(...ranked.map(({ distance }) => distance));
  return ranked
    .filter(({ distance }) => distance <= Math.min(slipsMax(typed), best + 1))
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, most)
    .map(({ name }) => name);
}

/** "did you mean a, b or c?", with a space before it; empty when nothing is near. */
export function suggestion(text: string, names: readonly string[]): string {
  const near = nearest(text, names);
  const last = near.at(-1);
  if (last === undefined) return "";
  const choice = near.length === 1 ? last : `${near.slice(0, -1).join(", ")} or ${last}`;
  return `; did you mean ${choice}?`;
}

/** A part of a long name counts as near, however much is missing. */
function distanceOf(typed: string, name: string): number {
  if (typed === name) return 0;
  const isPart = typed.length >= 4 && name.includes(typed);
  return isPart ? 0.5 : editsBetween(typed, name);
}

function slipsMax(typed: string): number {
  return Math.max(1, Math.floor(typed.length / 3));
}

/** How many letters must be changed, added, removed or swapped with their neighbour. */
function editsBetween(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      const cost = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      next.push(swapped ? Math.min(cost, (before[j - 2] ?? 0) + 1) : cost);
    }
    before = row;
    row = next;
  }
  return row[other.length] ?? 0;
}
