import type { DescFile, DescService } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { ErrorInfoSchema } from "@foedus/gen/google/rpc/error_details_pb.js";

/** Everything that the services' files declare, by name. */
export interface Catalog {
  readonly services: readonly string[];
  readonly files: ReadonlyMap<string, DescFile>;
  readonly symbols: ReadonlyMap<string, DescFile>;
  /** By extended message and number. */
  readonly extensions: ReadonlyMap<string, ReadonlyMap<number, DescFile>>;
}

/** Reads the files of the services, all that they import, and the details that errors carry. */
export function catalogOf(services: readonly DescService[]): Catalog {
  const files = new Map<string, DescFile>();
  const symbols = new Map<string, DescFile>();
  const extensions = new Map<string, Map<number, DescFile>>();
  const roots = [...services.map((service) => service.file), ErrorInfoSchema.file];
  for (const file of roots.flatMap((root) => withDependencies(root))) {
    if (files.has(file.proto.name)) continue;
    files.set(file.proto.name, file);
    for (const type of nestedTypes(file)) {
      symbols.set(type.typeName, file);
      if (type.kind === "service") {
        for (const method of type.methods) symbols.set(`${type.typeName}.${method.name}`, file);
      }
      if (type.kind !== "extension") continue;
      const numbers = extensions.get(type.extendee.typeName) ?? new Map<number, DescFile>();
      extensions.set(type.extendee.typeName, numbers.set(type.number, file));
    }
  }
  return { services: services.map((service) => service.typeName), files, symbols, extensions };
}

/** A file and all that it imports, each once, after what it imports itself. */
export function withDependencies(file: DescFile, seen = new Set<DescFile>()): DescFile[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return [...file.dependencies.flatMap((one) => withDependencies(one, seen)), file];
}
