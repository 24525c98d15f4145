import { type DescFile, fromBinary, hasOption, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { file_foedus_fault_v1_fault } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { policy } from "@foedus/gen/foedus/options/v1/options_pb.js";
import {
  file_foedus_person_v1_person_service,
  PersonService,
} from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { expect, test } from "vitest";
import { leanOf } from "./lean-descriptors.ts";

const words = ({ proto }: DescFile) =>
  base64Encode(toBinary(FileDescriptorProtoSchema, proto), "std_raw");

test("what only the hub reads is left out, and it is much", () => {
  const full = words(file_foedus_fault_v1_fault);
  expect(leanOf(full).length).toBeLessThan(full.length / 3);
});

test("what the page reads stays: who may call, and every name and number", () => {
  const lean = fromBinary(
    FileDescriptorProtoSchema,
    base64Decode(leanOf(words(file_foedus_person_v1_person_service))),
  );
  const [service] = lean.service;
  expect(hasOption(PersonService.method.getSession, policy)).toBe(true);
  for (const method of service?.method ?? []) {
    expect(method.options?.$unknown?.length).toBe(1);
  }
  expect(lean.messageType.map(({ name }) => name)).toEqual(
    file_foedus_person_v1_person_service.proto.messageType.map(({ name }) => name),
  );
});

test("what was lean already stays as it is", () => {
  const once = leanOf(words(file_foedus_fault_v1_fault));
  expect(leanOf(once)).toBe(once);
});
