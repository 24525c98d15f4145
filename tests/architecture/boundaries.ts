import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { Visitor } from "oxc-parser";
import { ResolverFactory } from "oxc-resolver";
import { layers, type Layer } from "./layers.ts";
import { isTest, lineAt, parse, root, type Offence, type Source } from "./tree.ts";

const resolver = new ResolverFactory({
  conditionNames: ["types", "import", "node", "default"],
  extensions: [".ts", ".tsx", ".js"],
});

/** Every import that the table of layers does not allow. Tests and tools may import anything. */
export function boundaryOffences(sources: readonly Source[]): Offence[] {
  return sources
    .filter(({ path }) => !isTest(path) && /^(server|clients|web)\//.test(path))
    .flatMap((source) => {
      const layer = layerOf(source.path);
      if (layer === undefined) return [`${source.path}: no layer of the house has such files`];
      return importsOf(source).flatMap(({ specifier, line }) => {
        const problem = problemOf(source.path, layer, specifier);
        return problem === undefined ? [] : [`${source.path}:${line}: ${problem}`];
      });
    });
}

/** The layer of a file; undefined for a file that has no place. */
function layerOf(path: string): Layer | undefined {
  return layers.find((layer) => layer.files.test(path));
}

interface Import {
  /** Undefined for a dynamic import of something computed. */
  readonly specifier: string | undefined;
  readonly line: number;
}

function importsOf(source: Source): Import[] {
  const { module, program } = parse(source);
  const found: { specifier: string | undefined; start: number }[] = [];
  for (const { moduleRequest } of module.staticImports) {
    found.push({ specifier: moduleRequest.value, start: moduleRequest.start });
  }
  for (const { moduleRequest } of module.staticExports.flatMap((each) => each.entries)) {
    if (moduleRequest) found.push({ specifier: moduleRequest.value, start: moduleRequest.start });
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = source.text.slice(moduleRequest.start, moduleRequest.end);
    const [, specifier] = /^["'`]([^"'`$]+)["'`]$/.exec(literal) ?? [];
    found.push({ specifier, start: moduleRequest.start });
  }
  new Visitor({
    TSImportType: ({ source: { value, start } }) => void found.push({ specifier: value, start }),
  }).visit(program);
  return found.map(({ specifier, start }) => ({ specifier, line: lineAt(source.text, start) }));
}

function problemOf(path: string, layer: Layer, specifier: string | undefined): string | undefined {
  if (specifier === undefined) return "an import of a computed name cannot be checked";
  const target = resolve(path, specifier);
  if (target === undefined) return packageProblem(path, layer, specifier);
  const other = layerOf(target);
  if (other === undefined) return `${target} belongs to no layer`;
  const allowed = [layer.name, ...layer.imports];
  if (!allowed.includes(other.name) && !allowed.includes(target)) {
    return `${layer.name} may not import ${other.name} (${target})`;
  }
  const [ownNoun, otherNoun] = [nounOf(path), nounOf(target)];
  const foreign = ownNoun !== undefined && otherNoun !== undefined && ownNoun !== otherNoun;
  return foreign ? `capability ${ownNoun} may not import capability ${otherNoun}` : undefined;
}

/** The file of this tree that a specifier means; undefined when it means a package. */
function resolve(path: string, specifier: string): string | undefined {
  const own = specifier.startsWith(".") || specifier.startsWith("@foedus/");
  if (!own) return undefined;
  const result = resolver.sync(dirname(join(root, path)), specifier);
  if (result.path !== undefined) return relative(root, result.path).split(sep).join("/");
  // What is not generated yet, a style sheet, or a planted module is judged by its place alone.
  if (specifier.startsWith("@foedus/gen/")) return specifier.replace("@foedus/gen/", "gen/proto/");
  return relative(root, join(root, dirname(path), specifier))
    .split(sep)
    .join("/");
}

function packageProblem(path: string, layer: Layer, specifier: string): string | undefined {
  if (layer.packages && !layer.packages.some((allowed) => allowed.test(specifier))) {
    return `${layer.name} may not use ${specifier}`;
  }
  if (specifier.startsWith("node:")) return undefined;
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  if (declaredFor(path).has(name)) return undefined;
  return `${name} is not among the dependencies of its package.json`;
}

function declaredFor(path: string): Set<string> {
  let folder = dirname(path);
  while (!existsSync(join(root, folder, "package.json"))) folder = dirname(folder);
  const own = readManifest(folder);
  // What `npm start` builds the page with must be there without development packages: the root has
  // it.
  const named = [own.dependencies, own.devDependencies, readManifest(".").dependencies];
  return new Set(named.flatMap((each) => Object.keys(each ?? {})));
}

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
}

function nounOf(path: string): string | undefined {
  return /^server\/capabilities\/([^/]+)\//.exec(path)?.[1];
}
