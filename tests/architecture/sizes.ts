import { Visitor, type Node } from "oxc-parser";
import { isTest, lineAt, parse, type Offence, type Source } from "./tree.ts";

const medianMax = 80;
const mostMax = 180;
const mostShare = 0.9;
const fileMax = 300;
const testMax = 400;
const schemaMax = 350;
const functionMax = 50;
const columnsMax = 100;

/** The closed list of reasons is one enum, which proto cannot split. */
const wholeLists = new Set(["proto/foedus/fault/v1/fault.proto"]);

/** Files, functions and lines that are longer than the house allows. */
export function sizeOffences(sources: readonly Source[]): Offence[] {
  return [
    ...sources.flatMap((source) => [...fileOffences(source), ...columnOffences(source)]),
    ...sources.filter(({ path }) => !path.endsWith(".proto")).flatMap(functionOffences),
    ...spreadOffences(sources),
  ];
}

function linesOf({ text }: Source): number {
  return text.trimEnd().split("\n").length;
}

function fileOffences(source: Source): Offence[] {
  const lines = linesOf(source);
  const most = mostOf(source.path);
  return lines > most ? [`${source.path}: ${lines} lines, at most ${most}`] : [];
}

function mostOf(path: string): number {
  if (wholeLists.has(path)) return Number.POSITIVE_INFINITY;
  if (path.endsWith(".proto")) return schemaMax;
  return isTest(path) ? testMax : fileMax;
}

/** The spread counts what a reader of the product reads: not tests, not schemas. */
function spreadOffences(sources: readonly Source[]): Offence[] {
  const sizes = sources
    .filter(({ path }) => !isTest(path) && !path.endsWith(".proto"))
    .map(linesOf)
    .toSorted((one, other) => one - other);
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const most = sizes[Math.ceil(sizes.length * mostShare) - 1] ?? 0;
  return [
    ...(median > medianMax ? [`the median file has ${median} lines, at most ${medianMax}`] : []),
    ...(most > mostMax ? [`90 % of the files have up to ${most} lines, at most ${mostMax}`] : []),
  ];
}

/** An address, the name of a module, a text of the schema: no line can be broken in them. */
const unbreakable = /https?:\/\/| from "|pattern = "|^ +[\w.() ]+[:=] "/;
const longText = 60;

function columnOffences(source: Source): Offence[] {
  if (source.path.startsWith("web/")) return []; // A class list of Tailwind cannot be broken.
  const texts = source.path.endsWith(".proto") ? new Set<number>() : linesOfTexts(source);
  return source.text.split("\n").flatMap((line, at) => {
    const long = line.length > columnsMax && !unbreakable.test(line) && !texts.has(at + 1);
    return long ? [`${source.path}:${at + 1}: ${line.length} columns`] : [];
  });
}

/** The lines that hold a long text, e.g. the name of a test: no formatter breaks it, nor do we. */
function linesOfTexts(source: Source): Set<number> {
  const lines = new Set<number>();
  const note = ({ start, end }: Node) => {
    if (end - start < longText) return;
    const [first, last] = [lineAt(source.text, start), lineAt(source.text, end)];
    for (let line = first; line <= last; line++) lines.add(line);
  };
  new Visitor({ Literal: note, TemplateLiteral: note }).visit(parse(source).program);
  return lines;
}

function functionOffences(source: Source): Offence[] {
  const offences: Offence[] = [];
  const judge = (node: Node) => {
    const first = lineAt(source.text, node.start);
    const lines = lineAt(source.text, node.end) - first + 1;
    if (lines <= functionMax) return;
    offences.push(`${source.path}:${first}: a function of ${lines} lines, at most ${functionMax}`);
  };
  new Visitor({
    FunctionDeclaration: judge,
    FunctionExpression: judge,
    ArrowFunctionExpression: judge,
  }).visit(parse(source).program);
  return offences;
}
