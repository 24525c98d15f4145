/** One condition as it was written. */
export interface Token {
  /** Where it stands in the text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly negated: boolean;
  /** What stands before the colon; undefined for a free word. */
  readonly key: string | undefined;
  /** What stands behind the colon, between commas; of a free word the word itself. */
  readonly values: readonly string[];
  /** Whether any of it was quoted, and so means only itself. */
  readonly quoted: boolean;
}

const tokenShape = /[-!]?(?:"(?:\\.|[^"\\])*"?|[^\s"])+/gu;
const pieceShape = /"((?:\\.|[^"\\])*)"?|([,:])|([^",:]+)/gu;
const keyShape = /^[a-z]+$/iu;
const needsQuotes = /[\s,:"\\]|^[-!]|^$/u;

/** Cuts the text into conditions; a quote that is never closed reaches to the end. */
export function tokensOf(text: string): Token[] {
  return Array.from(text.matchAll(tokenShape), (match) => tokenOf(match[0], match.index));
}

/** The same conditions, with the word NOT as the minus that it means. */
export function foldedTokens(text: string): Token[] {
  const folded: Token[] = [];
  let isNot = false;
  for (const token of tokensOf(text)) {
    if (token.text === notWord) {
      isNot = !isNot;
      continue;
    }
    const isLinking = token.text === "AND";
    folded.push(isNot && !isLinking ? turned(token) : token);
    isNot &&= isLinking;
  }
  return folded;
}

/** What turns the meaning of what follows; only in capitals, for "not" may be looked for. */
const notWord = "NOT";

function turned(token: Token): Token {
  const body = token.negated ? token.text.slice(1) : token.text;
  return { ...token, negated: !token.negated, text: token.negated ? body : `-${body}` };
}

function tokenOf(text: string, start: number): Token {
  const negated = text.length > 1 && /^[-!]/u.test(text);
  const { key, values, quoted } = partsOf(text.slice(negated ? 1 : 0));
  return { start, end: start + text.length, text, negated, key, values, quoted };
}

function partsOf(body: string): Pick<Token, "key" | "values" | "quoted"> {
  let key: string | undefined;
  let quoted = false;
  const values = [""];
  const add = (piece: string) => values.push((values.pop() ?? "") + piece);
  for (const [raw, inside, mark] of body.matchAll(pieceShape)) {
    const before = values.join("");
    if (inside !== undefined) {
      quoted = true;
      add(inside.replaceAll(/\\(.)/gu, "$1"));
    } else if (mark === "," && key !== undefined) {
      values.push("");
    } else if (mark === ":" && key === undefined && !quoted && isKey(before, body)) {
      key = before;
      values.splice(0, values.length, "");
    } else {
      add(raw);
    }
  }
  return { key, values: key === undefined ? values : values.filter(Boolean), quoted };
}

/** An address has a colon too, but asks for nothing. */
function isKey(word: string, body: string): boolean {
  return keyShape.test(word) && !body.startsWith(`${word}://`);
}

/** A value as it has to be written to mean itself. */
export function quoted(value: string): string {
  if (!needsQuotes.test(value)) return value;
  return `"${value.replaceAll(/["\\]/gu, "\\$&")}"`;
}
