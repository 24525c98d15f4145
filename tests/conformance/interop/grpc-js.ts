import { readFileSync } from "node:fs";
import type { DescMethod, DescMessage, MessageShape } from "@bufbuild/protobuf";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  EventService,
  PublishStreamRequestSchema,
  PublishStreamResponseSchema,
  SubscribeRequestSchema,
  SubscribeResponseSchema,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import {
  ListNodesRequestSchema,
  ListNodesResponseSchema,
  NodeService,
} from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import type { Target } from "./target.ts";

/** grpc-js as it is, with mutual TLS: one call of each kind. */
export async function grpcJs(target: Target): Promise<void> {
  const read = (path: string) => readFileSync(path);
  const secure = credentials.createSsl(read(target.roots), read(target.key), read(target.chain));
  const client = new Client(target.node, secure);
  try {
    await unary(client);
    await clientStream(client, read(target.batch));
    await serverStream(client);
  } finally {
    client.close();
  }
}

const path = ({ parent, name }: DescMethod) => `/${parent.typeName}/${name}`;
const deadline = () => ({ deadline: Date.now() + callMs });
const callMs = 60_000;

function writing<Schema extends DescMessage>(schema: Schema) {
  return (message: MessageShape<Schema>) => Buffer.from(toBinary(schema, message));
}

function reading<Schema extends DescMessage>(schema: Schema) {
  return (bytes: Buffer): MessageShape<Schema> => fromBinary(schema, bytes);
}

function settled<T>(resolve: (value: T) => void, reject: (error: Error) => void) {
  return (error: ServiceError | null, value?: T) => {
    if (error !== null) return reject(error);
    if (value === undefined) return reject(new Error("it was answered with nothing"));
    resolve(value);
  };
}

async function unary(client: Client): Promise<void> {
  await new Promise((resolve, reject) =>
    client.makeUnaryRequest(
      path(NodeService.method.listNodes),
      writing(ListNodesRequestSchema),
      reading(ListNodesResponseSchema),
      create(ListNodesRequestSchema),
      deadline(),
      settled(resolve, reject),
    ),
  );
}

async function clientStream(client: Client, batch: Uint8Array): Promise<void> {
  const request = fromBinary(PublishStreamRequestSchema, batch);
  const stored = await new Promise<MessageShape<typeof PublishStreamResponseSchema>>(
    (resolve, reject) => {
      const call = client.makeClientStreamRequest(
        path(EventService.method.publishStream),
        writing(PublishStreamRequestSchema),
        reading(PublishStreamResponseSchema),
        deadline(),
        settled(resolve, reject),
      );
      call.write(request);
      call.write(request);
      call.end();
    },
  );
  if (stored.accepted + stored.duplicates !== 2n) throw new Error("it counted otherwise");
}

async function serverStream(client: Client): Promise<void> {
  const call = client.makeServerStreamRequest(
    path(EventService.method.subscribe),
    writing(SubscribeRequestSchema),
    reading(SubscribeResponseSchema),
    create(SubscribeRequestSchema, { afterCursor: 0n, untilHead: true }),
    deadline(),
  );
  let delivered = false;
  for await (const one of call as AsyncIterable<MessageShape<typeof SubscribeResponseSchema>>) {
    delivered ||= one.item.case === "delivery";
  }
  if (!delivered) throw new Error("nothing was delivered");
}
