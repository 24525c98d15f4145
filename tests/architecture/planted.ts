import type { DescFile } from "@bufbuild/protobuf";
import { clone, create, createFileRegistry } from "@bufbuild/protobuf";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** The same file of the schema with an offence planted into it. */
export function planted(file: DescFile, plant: (proto: FileDescriptorProto) => void): DescFile {
  const proto = clone(FileDescriptorProtoSchema, file.proto);
  plant(proto);
  const others = [...dependenciesOf(file)].map((each) => each.proto);
  const set = create(FileDescriptorSetSchema, { file: [...others, proto] });
  const found = createFileRegistry(set).getFile(proto.name);
  if (found === undefined) throw new Error(`${proto.name} was not built`);
  return found;
}

/** What a file builds on, each after what it builds on itself. */
function dependenciesOf(file: DescFile, seen = new Set<DescFile>()): Set<DescFile> {
  for (const dependency of file.dependencies) {
    dependenciesOf(dependency, seen);
    seen.add(dependency);
  }
  return seen;
}
