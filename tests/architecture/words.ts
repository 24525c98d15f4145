import type { DescFile } from "@bufbuild/protobuf";
import { Visitor } from "oxc-parser";
import { lineAt, parse, type Offence, type Source } from "./tree.ts";

/** These name nothing: style.md. */
const banned = /^(manager|helper|util|service|handler|processor|engine|data|info|base|impl|dto)s?$/;

/** What proto itself calls so: a service of the schema, and what carries it out. */
const protoWords = new Set(["service", "Service", "servicesOf", "serviceParts"]);

/** Files, folders and top-level names that contain a word which names nothing. */
export function wordOffences(sources: readonly Source[]): Offence[] {
  return sources.flatMap((source) => [...pathOffences(source.path), ...nameOffences(source)]);
}

function pathOffences(path: string): Offence[] {
  const parts = path.split("/").flatMap((part) => part.split("."));
  const [word] = parts.flatMap(wordsOf).filter((each) => banned.test(each));
  return word === undefined ? [] : [`${path}: its name says "${word}"`];
}

function nameOffences(source: Source): Offence[] {
  return topNames(source).flatMap(({ name, start }) => {
    const [word] = wordsOf(name).filter((each) => banned.test(each));
    if (word === undefined || protoWords.has(name)) return [];
    return [`${source.path}:${lineAt(source.text, start)}: ${name} says "${word}"`];
  });
}

/** Functions, classes, types and constants that a file declares at its top. */
function topNames(source: Source): { name: string; start: number }[] {
  const found: { name: string; start: number }[] = [];
  let depth = 0;
  const enter = () => void depth++;
  const leave = () => void depth--;
  const note = (node: { id?: unknown }) => {
    if (depth === 0 && isNamed(node.id)) found.push(node.id);
  };
  new Visitor({
    BlockStatement: enter,
    "BlockStatement:exit": leave,
    FunctionDeclaration: note,
    ClassDeclaration: note,
    VariableDeclarator: note,
    TSInterfaceDeclaration: note,
    TSTypeAliasDeclaration: note,
  }).visit(parse(source).program);
  return found;
}

function isNamed(id: unknown): id is { name: string; start: number } {
  return typeof id === "object" && id !== null && "name" in id && typeof id.name === "string";
}

/** "readTrustBundle" says read, trust, bundle. */
function wordsOf(name: string): string[] {
  return (
    name
      .replaceAll(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3 $2")
      .toLowerCase()
      // The data folder is a folder, as the config calls it.
      .replace("data folder", "folder")
      .split(/[^a-z0-9]+/)
      .filter((word) => word !== "")
  );
}

/** The data folder is what every operator calls it. */
const fieldsKept = new Set(["foedus.config.v1.HubConfig.data"]);

/** Messages, enums, fields and services of the schema that contain such a word. */
export function schemaWordOffences(files: readonly DescFile[]): Offence[] {
  return files.flatMap((file) => {
    const services = file.services.map((each) => each.name.replace(/Service$/, ""));
    const fields = file.messages
      .flatMap((message) => message.fields)
      .filter((field) => !fieldsKept.has(`${field.parent.typeName}.${field.name}`))
      .map((field) => field.name);
    const types = [...file.messages, ...file.enums].map((type) => type.name);
    const names = [...services, ...types, ...fields, ...file.name.split("/")];
    return names.flatMap((name) => {
      const [word] = wordsOf(name.replace(/_service$/, "")).filter((each) => banned.test(each));
      return word === undefined ? [] : [`${file.name}.proto: ${name} says "${word}"`];
    });
  });
}
