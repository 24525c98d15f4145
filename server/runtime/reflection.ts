import type { DescService, MessageInitShape } from "@bufbuild/protobuf";
import { toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import type {
  ServerReflectionRequest,
  ServerReflectionResponseSchema,
} from "@foedus/gen/grpc/reflection/v1/reflection_pb.js";
import { ServerReflection } from "@foedus/gen/grpc/reflection/v1/reflection_pb.js";
import type { Service } from "./capability.ts";
import { service } from "./capability.ts";
import type { Catalog } from "./catalog.ts";
import { catalogOf, withDependencies } from "./catalog.ts";

type Answer = MessageInitShape<typeof ServerReflectionResponseSchema>;
type Told = NonNullable<Answer["messageResponse"]>;

/** grpc.reflection.v1 over the descriptors of the services there are at the time. */
export function reflectionOf(services: () => readonly DescService[]): Service {
  return service(ServerReflection, {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        const messageResponse = answer(catalogOf(services()), request);
        yield { validHost: request.host, originalRequest: request, messageResponse };
      }
    },
  });
}

function answer(catalog: Catalog, { messageRequest: asked }: ServerReflectionRequest): Told {
  switch (asked.case) {
    case "listServices": {
      const names = catalog.services.map((name) => ({ name }));
      return { case: "listServicesResponse", value: { service: names } };
    }
    case "fileByFilename":
      return fileAnswer(catalog.files.get(asked.value), asked.value);
    case "fileContainingSymbol":
      return fileAnswer(catalog.symbols.get(asked.value), asked.value);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = asked.value;
      const file = catalog.extensions.get(containingType)?.get(extensionNumber);
      return fileAnswer(file, `${containingType} extension ${extensionNumber}`);
    }
    case "allExtensionNumbersOfType": {
      const numbers = catalog.extensions.get(asked.value);
      if (numbers === undefined) return unknown(asked.value);
      const value = { baseTypeName: asked.value, extensionNumber: [...numbers.keys()] };
      return { case: "allExtensionNumbersResponse", value };
    }
    default:
      return unknown("an empty request");
  }
}

function fileAnswer(file: Parameters<typeof withDependencies>[0] | undefined, name: string): Told {
  if (file === undefined) return unknown(name);
  // Clients take the first for the one they asked for.
  const files = [file, ...withDependencies(file).slice(0, -1)];
  const fileDescriptorProto = files.map((one) => toBinary(FileDescriptorProtoSchema, one.proto));
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto } };
}

function unknown(name: string): Told {
  const value = { errorCode: Code.NotFound, errorMessage: `nothing here is named ${name}` };
  return { case: "errorResponse", value };
}
