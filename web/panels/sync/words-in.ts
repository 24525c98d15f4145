/** The words of a line, each once. */
export function wordsIn(line: string): readonly string[] {
  return [...new Set(line.split(/[\s,]+/u).filter(Boolean))];
}
