/** A capability's noun in the forms that code needs. */
export interface Noun {
  /** e.g. "treaty". */
  readonly one: string;
  /** e.g. "treaties". */
  readonly many: string;
  /** What its ids begin with, e.g. "tre". */
  readonly prefix: string;
}

const shape = /^[a-z]{3,20}$/;
const prefixLength = 3;

/** The forms of a noun; throws for what is no single lower-case word. */
export function nounOf(word: string): Noun {
  if (!shape.test(word)) {
    throw new Error(`"${word}" is no capability: one lower-case singular noun, e.g. "alert"`);
  }
  return { one: word, many: pluralOf(word), prefix: word.slice(0, prefixLength) };
}

function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** A text about samples, turned into one about the noun. */
export function retold(text: string, { one, many, prefix }: Noun): string {
  const article = /^[aeiou]/.test(one) ? "n" : "";
  return text
    .replaceAll(/\b([Aa]) sample\b/g, `$1${article} ${one}`)
    .replaceAll("samples", many)
    .replaceAll("Samples", capital(many))
    .replaceAll("sample", one)
    .replaceAll("Sample", capital(one))
    .replaceAll("SAMPLE", one.toUpperCase())
    .replaceAll(/\bsam(?=_|")/g, prefix);
}

/** "alert" says "Alert". */
export function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
