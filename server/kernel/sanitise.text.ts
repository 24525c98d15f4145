/**
 * What in free text is nobody else's business: addresses, numbers to call, tokens and keys. The
 * second net: the first is the schema, whose `sensitive` fields never leave at all.
 */

interface Detector {
  readonly shape: RegExp;
  readonly word: string;
  /** A closer look at what has the shape; without one the shape suffices. */
  readonly isOne?: (found: string) => boolean;
}

const secret = "[secret]";

const mailbox = String.raw`[\p{L}\p{N}.!#$%&'*+/=?^_\x60{|}~-]{1,64}`;
/** A package stands before its version as a mailbox before its domain. */
const notVersion = String.raw`(?!v?\d+\.\d+\.\d)`;
const mailDomain = String.raw`(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}[\p{L}\p{N}-]{1,23}`;

/** In this order: a password may stand before what looks like an e-mail address. All are linear. */
const detectors: readonly Detector[] = [
  {
    shape:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[ A-Z]{0,9}-----[^]*?(?:-----END [A-Z ]{0,60}-----|$)/g,
    word: secret,
  },
  { shape: /\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g, word: secret },
  // What the password stands in is kept: scheme and host say where.
  { shape: /(?<=:\/\/)[^\s/:@]{1,128}:[^\s/@]{1,256}(?=@)/g, word: secret },
  {
    shape: /(?:pass(?:word|wd)?|pwd|secret|token|api[_-]?key|authorization)=[^\s&;,"']{4,}/gi,
    word: secret,
  },
  { shape: /\b(?:bearer|basic) [\w.~+/=-]{12,}/gi, word: secret },
  { shape: /\bfjt_[0-9a-z]{26}\.[\w.-]{16,}/g, word: secret },
  { shape: /\b(?:fk_|gh[opusr]_|github_pat_|glpat-|npm_|hf_|pypi-)[\w.-]{16,}/g, word: secret },
  { shape: /\b(?:sk[-_]|[pr]k_live_|xox[abeprs]-|SG\.)[\w.-]{16,}/g, word: secret },
  { shape: /\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}\b/g, word: secret },
  { shape: /\bAIza[\w-]{35}/g, word: secret },
  {
    shape: new RegExp(`${mailbox}@${notVersion}${mailDomain}`, "gu"),
    word: "[email]",
    isOne: (found) => !/(?:^|\/)git@/.test(found),
  },
  {
    shape: /(?<![\w.+-])(?:\+|00)[1-9](?:[ ./-]?\(?\d\)?){6,14}(?![\w])/g,
    word: "[phone]",
  },
  { shape: /(?<![\w.+-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w.-])/g, word: "[phone]" },
  { shape: /(?<![\w.+-])\(?0[1-9]\d{1,4}\)?[ /-]?\d{6,8}(?![\w.-])/g, word: "[phone]" },
  { shape: /(?<![0-9A-Za-z])(?:[0-9a-f]{32,}|[0-9A-F]{32,})(?![0-9A-Za-z])/g, word: secret },
  { shape: /[\w+/-]{32,}={0,2}/g, word: secret, isOne: isRandom },
];

/** A text in which what the detectors know is replaced by a word that says what was there. */
export function redactedText(text: string): string {
  if (text.length < lengthMin) return text;
  let clean = text;
  for (const { shape, word, isOne } of detectors) {
    clean = clean.replaceAll(shape, (found) => (isOne?.(found) === false ? found : word));
  }
  return clean;
}

/** Nothing shorter is found by any detector. */
const lengthMin = 6;

/**
 * Whether letters and digits take turns as only chance lets them. Words, paths and names keep to
 * one kind for longer, or have no capitals; ids of ours have none.
 */
function isRandom(text: string): boolean {
  const kinds = text
    .split("")
    .map(kindOf)
    .filter((kind) => kind !== "");
  const count = (wanted: string) => kinds.filter((kind) => kind === wanted).length;
  if (count("a") < lettersMin || count("A") < lettersMin) return false;
  const turns = kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length / kinds.length;
  return turns >= (count("0") > 0 ? turnsMin : turnsWithoutDigitsMin);
}

const lettersMin = 3;
const turnsMin = 0.3;
const turnsWithoutDigitsMin = 0.45;

function kindOf(letter: string): "a" | "A" | "0" | "" {
  if (letter >= "a" && letter <= "z") return "a";
  if (letter >= "A" && letter <= "Z") return "A";
  return letter >= "0" && letter <= "9" ? "0" : "";
}
