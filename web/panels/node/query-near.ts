const lengthMax = 40;

/** A name among thousands is found by looking, not by guessing; and a guess costs time. */
const guessesMax = 1_000;

/** The known word that was probably meant; undefined where none is near. */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  if (word === "" || word.length > lengthMax) return undefined;
  let best: string | undefined;
  // A third of the letters may be wrong: "oflline" is offline, "x" is nothing.
  let bestDistance = Math.floor(word.length / 3) + 1;
  let guesses = 0;
  for (const each of known) {
    if (++guesses > guessesMax) break;
    if (each.startsWith(word)) return each;
    if (Math.abs(each.length - word.length) >= bestDistance) continue;
    const distance = distanceOf(word, each);
    if (distance >= bestDistance) continue;
    best = each;
    bestDistance = distance;
  }
  return best;
}

/** How many letters have to be put in, taken out or changed (Levenshtein). */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let at = 1; at <= one.length; at++) {
    const next = [at];
    for (let by = 1; by <= other.length; by++) {
      const change = one[at - 1] === other[by - 1] ? 0 : 1;
      const steps = [(row[by] ?? 0) + 1, (next[by - 1] ?? 0) + 1, (row[by - 1] ?? 0) + change];
      next.push(Math.min(...steps));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
