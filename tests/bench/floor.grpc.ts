// A floor: @grpc/grpc-js over TLS with client certificates, the same messages as opaque bytes.
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from "@grpc/grpc-js";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { readMaterial, tell } from "./floor.ts";

const { key, chain, roots } = readMaterial();
const raw = { requestSerialize: same, requestDeserialize: same, responseSerialize: same };
const method = { ...raw, responseDeserialize: same, requestStream: false };

const server = new Server();
server.addService(
  {
    unary: { ...method, path: "/floor/unary", responseStream: false },
    stream: { ...method, path: "/floor/stream", responseStream: true },
  },
  {
    unary: ({ request }: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
      answer(null, Buffer.alloc(sizesOf(request).size, 7));
    },
    stream: (call: ServerWritableStream<Buffer, Buffer>) => {
      const { count, size } = sizesOf(call.request);
      const message = Buffer.alloc(size, 7);
      let left = count;
      const more = () => {
        while (left-- > 0) if (!call.write(message)) return void call.once("drain", more);
        call.end();
      };
      more();
    },
  },
);
const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(chain) };
const credentials = ServerCredentials.createSsl(Buffer.from(roots.join("\n")), [pair], true);
server.bindAsync("127.0.0.1:0", credentials, (error, port) => {
  if (error !== null) throw error;
  tell(port);
});

function same(bytes: Buffer): Buffer {
  return bytes;
}

/** The request says how many messages of which size it wants, after whatever else it carries. */
function sizesOf(request: Buffer): { count: number; size: number } {
  return { count: request.readUInt32BE(0), size: request.readUInt32BE(4) };
}
