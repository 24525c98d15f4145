import { ReportError } from "./report.ts";

/** One element as it begins. */
export interface Opened {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** How many elements it lies in. */
  readonly depth: number;
}

const depthMax = 64;
const attributesMax = 64;

/**
 * Goes through the elements of an XML text from the first to the last, strictly: every one must
 * end, and nothing may be declared. Without declarations there are no entities to expand and no
 * files to fetch; texts are passed over, and attributes come as they are written.
 */
export function* elementsOf(text: string): Generator<Opened> {
  const open: string[] = [];
  let roots = 0;
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    if (text.startsWith("<!--", at)) at = endOf(text, "-->", at + 4);
    else if (text.startsWith("<![CDATA[", at)) at = endOf(text, "]]>", at);
    else if (text.startsWith("<?", at)) at = endOf(text, "?>", at);
    else if (text.startsWith("<!", at)) throw new ReportError("it declares a type or an entity");
    else if (text.startsWith("</", at)) {
      const end = endOf(text, ">", at);
      if (open.pop() !== text.slice(at + 2, end - 1).trim()) throw unbalanced();
      at = end;
    } else {
      const end = tagEnd(text, at);
      const alone = text[end - 1] === "/";
      const tag = text.slice(at + 1, alone ? end - 1 : end);
      const depth = open.length;
      if (depth === 0 && (roots += 1) > 1) throw new ReportError("it has two roots");
      if (depth >= depthMax) throw new ReportError("it is nested too deep");
      const { name, attributes } = readTag(tag);
      yield { name, attributes, depth };
      if (!alone) open.push(name);
      at = end + 1;
    }
  }
  if (open.length > 0 || roots === 0) throw unbalanced();
}

function unbalanced(): ReportError {
  return new ReportError("it is not well-formed XML");
}

/** Where the text goes on behind that mark. */
function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  if (at < 0) throw unbalanced();
  return at + mark.length;
}

/** Where a tag's own ">" stands: those within quotes do not count. */
function tagEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === ">") return at;
    if (letter === "<") throw unbalanced();
    if (letter === '"' || letter === "'") at = endOf(text, letter, at + 1) - 1;
  }
  throw unbalanced();
}

function readTag(tag: string): { name: string; attributes: Map<string, string> } {
  const attributes = new Map<string, string>();
  let at = skipName(tag, 0);
  const name = tag.slice(0, at);
  if (name === "") throw unbalanced();
  for (;;) {
    const start = skipSpace(tag, at);
    if (start === tag.length) return { name, attributes };
    if (start === at) throw unbalanced();
    const equals = skipName(tag, start);
    const key = tag.slice(start, equals);
    const quote = skipSpace(tag, skipEquals(tag, equals));
    const mark = tag[quote];
    if (key === "" || (mark !== '"' && mark !== "'")) throw unbalanced();
    const end = endOf(tag, mark, quote + 1);
    if (attributes.has(key) || attributes.size >= attributesMax) throw unbalanced();
    attributes.set(key, tag.slice(quote + 1, end - 1));
    at = end;
  }
}

function skipEquals(tag: string, from: number): number {
  const at = skipSpace(tag, from);
  if (tag[at] !== "=") throw unbalanced();
  return at + 1;
}

function skipName(tag: string, from: number): number {
  let at = from;
  while (at < tag.length && !" \t\r\n=\"'/<>".includes(tag.charAt(at))) at += 1;
  return at;
}

function skipSpace(tag: string, from: number): number {
  let at = from;
  while (at < tag.length && " \t\r\n".includes(tag.charAt(at))) at += 1;
  return at;
}
