// The schema of a service that is there to be called in every way a door can be called.
import type { MessageInitShape } from "@bufbuild/protobuf";
import { create, createFileRegistry, setExtension } from "@bufbuild/protobuf";
import type { Message } from "@bufbuild/protobuf";
import type { GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import type { FileDescriptorProto, MethodOptions } from "@bufbuild/protobuf/wkt";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  MethodOptionsSchema,
  MethodOptions_IdempotencyLevel as Idempotency,
} from "@bufbuild/protobuf/wkt";
import {
  Audience,
  Effect,
  PolicySchema,
  Role,
  file_foedus_options_v1_options as optionsFile,
  policy,
} from "@foedus/gen/foedus/options/v1/options_pb.js";

/** What every method is asked with. */
export type Ask = Message<"foedus.doors.v1.Ask"> & {
  /** What the method is to do; see answers.ts. */
  act: string;
  text: string;
  data: Uint8Array;
  count: number;
  size: number;
  key: string;
  big: bigint;
};

/** An answer of scalars only. */
export type Flat = Message<"foedus.doors.v1.Flat"> & {
  text: string;
  data: Uint8Array;
  count: number;
  big: bigint;
  ratio: number;
  on: boolean;
};

/** An answer with more than scalars, and with words for a hub that stops. */
export type Told = Message<"foedus.doors.v1.Told"> & {
  text: string;
  data: Uint8Array;
  count: number;
  words: string[];
  flat?: Flat;
  item:
    | { case: "reconnect"; value: Message<"foedus.doors.v1.Reconnect"> & { afterMs: bigint } }
    | { case: undefined; value?: undefined };
};

type Kind = "unary" | "server_streaming" | "client_streaming" | "bidi_streaming";
type Method<K extends Kind, Out extends Message> = {
  methodKind: K;
  input: GenMessage<Ask>;
  output: GenMessage<Out>;
};

/** The service. */
export type DoorRpcs = GenService<{
  once: Method<"unary", Flat>;
  many: Method<"server_streaming", Told>;
  gather: Method<"client_streaming", Flat>;
  both: Method<"bidi_streaming", Told>;
  /** For anybody, so with the limits of strangers. */
  open: Method<"unary", Told>;
  /** Nobody carries it out. */
  nothing: Method<"unary", Flat>;
  /** Served where hubs come in, not where people do. */
  hidden: Method<"unary", Flat>;
  /** A decision, for admins. */
  decide: Method<"unary", Flat>;
}>;

type FieldInit = MessageInitShape<typeof FileDescriptorProtoSchema>["messageType"];

function field(name: string, number: number, type: Type, typeName = "", many = false) {
  const label = many ? Label.REPEATED : Label.OPTIONAL;
  const jsonName = name === "after_ms" ? "afterMs" : name;
  return { name, jsonName, number, type, label, ...(typeName === "" ? {} : { typeName }) };
}

const messageType: FieldInit = [
  {
    name: "Ask",
    field: [
      field("act", 1, Type.STRING),
      field("text", 2, Type.STRING),
      field("data", 3, Type.BYTES),
      field("count", 4, Type.UINT32),
      field("size", 5, Type.UINT32),
      field("key", 6, Type.STRING),
      field("big", 7, Type.INT64),
    ],
  },
  {
    name: "Flat",
    field: [
      field("text", 1, Type.STRING),
      field("data", 2, Type.BYTES),
      field("count", 3, Type.UINT32),
      field("big", 4, Type.INT64),
      field("ratio", 5, Type.DOUBLE),
      field("on", 6, Type.BOOL),
    ],
  },
  { name: "Reconnect", field: [field("after_ms", 1, Type.INT64)] },
  {
    name: "Told",
    field: [
      field("text", 1, Type.STRING),
      field("data", 2, Type.BYTES),
      field("count", 3, Type.UINT32),
      field("words", 4, Type.STRING, "", true),
      field("flat", 5, Type.MESSAGE, ".foedus.doors.v1.Flat"),
      { ...field("reconnect", 6, Type.MESSAGE, ".foedus.doors.v1.Reconnect"), oneofIndex: 0 },
    ],
    oneofDecl: [{ name: "item" }],
  },
];

const known = [Audience.PERSON, Audience.NODE];

function allowing(audience: Audience[], leastRole: Role, effect: Effect, safe = false) {
  const options: MethodOptions = create(MethodOptionsSchema, {
    idempotencyLevel: safe ? Idempotency.NO_SIDE_EFFECTS : Idempotency.IDEMPOTENCY_UNKNOWN,
  });
  const value = { audience, leastRole, effect, rateClass: "control" };
  setExtension(options, policy, create(PolicySchema, value));
  return options;
}

function method(
  name: string,
  output: string,
  options: MethodOptions,
  streaming: { clientStreaming?: boolean; serverStreaming?: boolean } = {},
) {
  const inputType = ".foedus.doors.v1.Ask";
  return { name, inputType, outputType: `.foedus.doors.v1.${output}`, options, ...streaming };
}

const forReaders = (safe = false) => allowing(known, Role.OBSERVER, Effect.READ, safe);
const [toThem, fromThem] = [{ serverStreaming: true }, { clientStreaming: true }];

const file: FileDescriptorProto = create(FileDescriptorProtoSchema, {
  name: "foedus/doors/v1/doors.proto",
  package: "foedus.doors.v1",
  syntax: "proto3",
  dependency: [optionsFile.proto.name],
  messageType,
  service: [
    {
      name: "DoorsService",
      method: [
        method("Once", "Flat", forReaders(true)),
        method("Many", "Told", forReaders(), toThem),
        method("Gather", "Flat", forReaders(), fromThem),
        method("Both", "Told", forReaders(), { ...toThem, ...fromThem }),
        method("Open", "Told", allowing([Audience.VISITOR], Role.UNSPECIFIED, Effect.READ)),
        method("Nothing", "Flat", forReaders()),
        method("Hidden", "Flat", allowing([Audience.HUB], Role.MEMBER, Effect.READ)),
        method("Decide", "Flat", allowing([Audience.PERSON], Role.ADMIN, Effect.WRITE)),
      ],
    },
  ],
});

const registry = createFileRegistry(file, (name) =>
  name === optionsFile.proto.name ? optionsFile : undefined,
);

function found<T>(one: T | undefined, name: string): T {
  if (one === undefined) throw new Error(`the schema has no ${name}`);
  return one;
}

const [rpcs, ask, flat, told] = [
  found(registry.getService("foedus.doors.v1.DoorsService"), "service"),
  found(registry.getMessage("foedus.doors.v1.Ask"), "Ask"),
  found(registry.getMessage("foedus.doors.v1.Flat"), "Flat"),
  found(registry.getMessage("foedus.doors.v1.Told"), "Told"),
];

/** The service and its messages, typed as they are described above. */
export const DoorRpcs = rpcs as DoorRpcs;
export const AskSchema = ask as GenMessage<Ask>;
export const FlatSchema = flat as GenMessage<Flat>;
export const ToldSchema = told as GenMessage<Told>;

/** What a test leaves out stays empty. */
export type AskInit = MessageInitShape<typeof AskSchema>;
