import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { DescEnum, DescField, DescFile, DescMessage, DescMethod } from "@bufbuild/protobuf";
import { getOption, hasOption } from "@bufbuild/protobuf";
import { Audience, Effect, policy, Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { root, type Offence } from "./tree.ts";

/** Every file of our own schema, as generated. */
export async function readSchemaFiles(): Promise<DescFile[]> {
  const folder = join(root, "gen/proto/foedus");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const modules = names.filter((name) => name.endsWith("_pb.js"));
  return await Promise.all(
    modules.map(async (name) => {
      const module: unknown = await import(join(folder, name));
      const file = Object.values(module as Record<string, unknown>).find(isFile);
      if (file === undefined) throw new Error(`${name} exports no file descriptor`);
      return file;
    }),
  );
}

function isFile(value: unknown): value is DescFile {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "file";
}

/** Every method of the files. */
export function methodsOf(files: readonly DescFile[]): DescMethod[] {
  return files.flatMap((file) => file.services.flatMap((service) => service.methods));
}

const anonymous: readonly Audience[] = [Audience.JOINER, Audience.VISITOR];

/** Methods whose policy is missing, or says too little for the guards. */
export function policyOffences(files: readonly DescFile[], rateClasses: readonly string[]) {
  return methodsOf(files).flatMap((method): Offence[] => {
    const name = `${method.parent.typeName}/${method.name}`;
    if (!hasOption(method, policy)) return [`${name} has no policy`];
    const { audience, leastRole, effect, rateClass } = getOption(method, policy);
    const isOpen = audience.some((each) => anonymous.includes(each));
    return [
      ...(audience.length === 0 ? [`${name} names no audience`] : []),
      ...(audience.includes(Audience.UNSPECIFIED) ? [`${name} has an unspecified audience`] : []),
      ...(effect === Effect.UNSPECIFIED ? [`${name} has no effect`] : []),
      ...(leastRole === Role.UNSPECIFIED && !isOpen ? [`${name} has no least_role`] : []),
      ...(leastRole !== Role.UNSPECIFIED && isOpen ? [`${name}: who joins has no role yet`] : []),
      ...(rateClasses.includes(rateClass) ? [] : [`${name}: no rate class "${rateClass}"`]),
    ];
  });
}

/** Requests and answers that lack what every one of their kind has. */
export function shapeOffences(files: readonly DescFile[]): Offence[] {
  return methodsOf(files).flatMap((method): Offence[] => {
    const name = `${method.parent.typeName}/${method.name}`;
    const writes = getOption(method, policy).effect === Effect.WRITE;
    const hasId = method.input.field.requestId?.scalar !== undefined;
    const lists = /^List[A-Z]/.test(method.name);
    const pages = method.input.field.page?.message?.typeName === "foedus.page.v1.Page";
    return [
      ...(writes && !hasId ? [`${name} writes without a request_id`] : []),
      ...(!writes && hasId ? [`${name} has a request_id and writes nothing`] : []),
      ...(lists && !pages ? [`${name} lists without a page`] : []),
      ...(lists && !method.output.field.nextPageToken ? [`${name} has no next_page_token`] : []),
      ...(method.input.name === `${method.name}Request` ? [] : [`${name}: its request is shared`]),
    ];
  });
}

/** Where a request may name a tenant: who returns proves it by its key, an invitation names it. */
const tenantFields = new Set([
  "foedus.identity.v1.EnrollRequest.tenant",
  "foedus.identity.v1.ReenterRequest.tenant",
]);

/** Requests in which a caller could name a tenant instead of proving one. */
export function tenantOffences(files: readonly DescFile[]): Offence[] {
  const requests = methodsOf(files)
    .filter((method) => method.parent.file.proto.package !== "foedus.tenant.v1")
    .map((method) => method.input);
  const fields = new Set(requests.flatMap((request) => fieldsBelow(request)));
  return [...fields]
    .filter((field) => /(^|_)tenant(_|$)/.test(field.name))
    .map((field) => `${field.parent.typeName}.${field.name}`)
    .filter((name) => !tenantFields.has(name))
    .map((name) => `${name} lets a caller name a tenant`);
}

/** The fields of a message and of all within it. */
export function fieldsBelow(message: DescMessage, seen = new Set<string>()): DescField[] {
  if (seen.has(message.typeName)) return [];
  seen.add(message.typeName);
  return message.fields.flatMap((field) => [
    field,
    ...(field.message === undefined ? [] : fieldsBelow(field.message, seen)),
  ]);
}

/** Reasons that nothing throws, or that no status code stands for. */
export function reasonOffences(
  reasons: DescEnum,
  codeOf: (reason: number) => string,
  codes: readonly string[],
  thrown: ReadonlySet<string>,
): Offence[] {
  return reasons.values
    .filter((value) => value.number !== 0)
    .flatMap((value) => [
      ...(thrown.has(value.localName) ? [] : [`${value.localName} is never thrown`]),
      ...(codes.includes(codeOf(value.number)) ? [] : [`${value.localName} has no status code`]),
    ]);
}
