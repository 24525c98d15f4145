import type { DescFile } from "@bufbuild/protobuf";
import { clearExtension, create, getExtension, setExtension } from "@bufbuild/protobuf";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { FieldDescriptorProto_Type, FieldDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { file_foedus_node_v1_node_service as file } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import {
  Audience,
  Effect,
  policy,
  Role,
  type Policy,
} from "@foedus/gen/foedus/options/v1/options_pb.js";
import { expect, test } from "vitest";
import { rateClasses } from "../../server/runtime/guards/rpc.ts";
import { planted } from "./planted.ts";
import {
  methodsOf,
  policyOffences,
  readSchemaFiles,
  shapeOffences,
  tenantOffences,
} from "./schema.ts";

/** There are more methods than this; fewer means that they were not read. */
const methodsMin = 25;
const files = await readSchemaFiles();

test("every method has a policy the guards can carry out", () => {
  expect(methodsOf(files).length).toBeGreaterThan(methodsMin);
  expect(policyOffences(files, rateClasses)).toEqual([]);
});

test("writes have a request_id, lists have pages, and requests are not shared", () => {
  expect(shapeOffences(files)).toEqual([]);
});

test("no request names a tenant", () => {
  expect(tenantOffences(files)).toEqual([]);
});

function methodNamed(proto: FileDescriptorProto, name: string) {
  const method = proto.service[0]?.method.find((each) => each.name === name);
  if (method?.options === undefined) throw new Error(`there is no method ${name}`);
  return { method, options: method.options };
}

function withPolicy(change: (policy: Policy) => void): DescFile {
  return planted(file, (proto) => {
    const { options } = methodNamed(proto, "GetNode");
    const changed = getExtension(options, policy);
    change(changed);

    setExtension(options, policy, changed);
  });
}

test("a method without a policy is found", () => {
  const bad = planted(file, (proto) => {
    clearExtension(methodNamed(proto, "GetNode").options, policy);
  });
  expect(policyOffences([bad], rateClasses)).toEqual([
    "foedus.node.v1.NodeService/GetNode has no policy",
  ]);
});

test.each<[string, (policy: Policy) => void]>([
  ["names no audience", (given) => (given.audience = [])],
  ["has an unspecified audience", (given) => (given.audience = [Audience.UNSPECIFIED])],
  ["has no effect", (given) => (given.effect = Effect.UNSPECIFIED)],
  ["has no least_role", (given) => (given.leastRole = Role.UNSPECIFIED)],
  ["who joins has no role yet", (given) => (given.audience = [Audience.JOINER])],
  ['no rate class "free"', (given) => (given.rateClass = "free")],
])("a policy is found that %s", (problem, change) => {
  const offences = policyOffences([withPolicy(change)], rateClasses);
  expect(offences).toHaveLength(1);
  expect(offences[0]).toContain(problem);
});

function withoutField(message: string, field: string): DescFile {
  return planted(file, (proto) => {
    const found = proto.messageType.find((each) => each.name === message);
    if (found === undefined) throw new Error(`there is no message ${message}`);
    found.field = found.field.filter((each) => each.name !== field);
  });
}

test.each([
  ["RetireNodeRequest", "request_id", "RetireNode writes without a request_id"],
  ["ListNodesRequest", "page", "ListNodes lists without a page"],
  ["ListNodesResponse", "next_page_token", "ListNodes has no next_page_token"],
])("%s without %s is found", (message, field, problem) => {
  expect(shapeOffences([withoutField(message, field)])).toEqual([
    `foedus.node.v1.NodeService/${problem}`,
  ]);
});

test("a shared request is found", () => {
  const bad = planted(file, (proto) => {
    methodNamed(proto, "GetNode").method.inputType = ".foedus.node.v1.HeartbeatRequest";
  });
  expect(shapeOffences([bad])).toEqual([
    "foedus.node.v1.NodeService/GetNode: its request is shared",
  ]);
});

test("a tenant in a request is found, also deep inside", () => {
  for (const name of ["ListNodesRequest", "RegisterNodeRequest"]) {
    const bad = planted(file, (proto) => {
      const request = proto.messageType.find((each) => each.name === name);
      request?.field.push(
        create(FieldDescriptorProtoSchema, {
          name: "tenant_id",
          number: 99,
          type: FieldDescriptorProto_Type.STRING,
        }),
      );
    });
    expect(tenantOffences([bad])).toEqual([
      `foedus.node.v1.${name}.tenant_id lets a caller name a tenant`,
    ]);
  }
});
