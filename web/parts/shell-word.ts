const bare = /^[\w@%+=:,./-]+$/u;

/**
 * One word of a POSIX shell, whatever is in it. Control characters are blanks: a terminal obeys
 * them while a text is pasted, before any shell sees a quote.
 */
export function shellWord(text: string): string {
  const word = text.replaceAll(/\p{Cc}/gu, " ");
  return bare.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
