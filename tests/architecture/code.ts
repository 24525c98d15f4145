import { Visitor, type Node } from "oxc-parser";
import { isTest, lineAt, parse, type Offence, type Source } from "./tree.ts";

const product = /^(server|clients|web)\//;
const statement =
  /^\s*(select\s[^]*\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|create\s+(table|index|function)\s|alter\s+table\s|with\s+\w+\s+as\s*\()/i;
const databaseClock =
  /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(\s*\)|\b(current_timestamp|localtimestamp|current_date)\b/i;

/** Where the clocks of the database and of the hub are compared. */
const clockFile = "server/runtime/storage/clock.ts";

/** SQL that stands elsewhere than in a store or in runtime/storage. */
export function sqlOffences(sources: readonly Source[]): Offence[] {
  return sources
    .filter(({ path }) => product.test(path) && !isTest(path) && !mayHoldSql(path))
    .flatMap((source) => [
      ...textsOf(source)
        .filter(({ text }) => statement.test(text))
        .map(({ start }) => `${source.path}:${lineAt(source.text, start)}: SQL outside a store`),
      ...parse(source)
        .module.staticImports.filter(({ moduleRequest }) =>
          /^(pg|kysely)$/.test(moduleRequest.value),
        )
        .map(({ moduleRequest }) => `${source.path}: ${moduleRequest.value} outside a store`),
    ]);
}

function mayHoldSql(path: string): boolean {
  return path.endsWith(".store.ts") || path.startsWith("server/runtime/storage/");
}

/** SQL that reads the database's clock, which is not the clock that decides. */
export function clockOffences(sources: readonly Source[]): Offence[] {
  const scripts = sources.filter(({ path }) => path.endsWith(".sql"));
  const stores = sources.filter(({ path }) => mayHoldSql(path) && !isTest(path));
  return [
    ...scripts
      .filter(({ text }) => databaseClock.test(text.replaceAll(/--.*$/gm, "")))
      .map(({ path }) => `${path}: reads the database's clock`),
    ...stores
      .filter(({ path }) => path !== clockFile)
      .flatMap((source) =>
        textsOf(source)
          .filter(({ text }) => databaseClock.test(text))
          .map(
            ({ start }) =>
              `${source.path}:${lineAt(source.text, start)}: reads the database's clock`,
          ),
      ),
  ];
}

/** Texts of a file: strings, and templates as wholes. */
function textsOf(source: Source): { text: string; start: number }[] {
  const found: { text: string; start: number }[] = [];
  new Visitor({
    Literal: (node) => {
      if (typeof node.value === "string") found.push({ text: node.value, start: node.start });
    },
    TemplateLiteral: ({ quasis, start }) => {
      found.push({ text: quasis.map((part) => part.value.cooked ?? "").join("$"), start });
    },
  }).visit(parse(source).program);
  return found;
}

/** Calls of a function in files that are not on its list. */
export function callerOffences(
  sources: readonly Source[],
  name: string,
  allowed: ReadonlySet<string>,
): Offence[] {
  const callers = sources
    .filter(({ path }) => product.test(path) && !isTest(path))
    .filter((source) => namesIn(source).has(name))
    .map(({ path }) => path);
  return [
    ...callers.filter((path) => !allowed.has(path)).map((path) => `${path} may not call ${name}`),
    ...[...allowed]
      .filter((path) => !callers.includes(path))
      .map((path) => `${path} is on the list of ${name} and does not call it`),
  ];
}

function namesIn(source: Source): Set<string> {
  const names = new Set<string>();
  new Visitor({ Identifier: ({ name }) => void names.add(name) }).visit(parse(source).program);
  return names;
}

/**
 * The reasons that some file makes a Fault of, or hands on to be one; a comparison throws nothing.
 */
export function thrownReasons(sources: readonly Source[]): Set<string> {
  const thrown = new Set<string>();
  const files = sources.filter(({ path }) => product.test(path) && !isTest(path));
  for (const source of files) {
    const compared = new Set<Node>();
    new Visitor({
      BinaryExpression: ({ left, right }) => void compared.add(left).add(right),
      SwitchCase: ({ test }) => void (test && compared.add(test)),
      MemberExpression: (node) => {
        const { object, property } = node;
        const isReason = object.type === "Identifier" && object.name === "Reason";
        if (isReason && property.type === "Identifier" && !compared.has(node)) {
          thrown.add(property.name);
        }
      },
    }).visit(parse(source).program);
  }
  return thrown;
}
