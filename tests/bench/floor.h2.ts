// A floor: node:http2 over TLS 1.3 with client certificates, opaque bytes and nothing else.
import { once } from "node:events";
import { createSecureServer, type ServerHttp2Stream } from "node:http2";
import { listening, readMaterial } from "./floor.ts";

const { key, chain, roots } = readMaterial();
const options = { key, cert: chain, ca: roots, requestCert: true, rejectUnauthorized: true };
const server = createSecureServer({ ...options, minVersion: "TLSv1.3" });

/** Streams that hear what is shouted. */
const crowd = new Set<ServerHttp2Stream>();

/** One message to each of them, round after round. */
async function shout(rounds: number, message: Buffer): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const full: ServerHttp2Stream[] = [];
    for (const stream of crowd) if (!stream.write(message)) full.push(stream);
    await Promise.all(full.map((stream) => once(stream, "drain")));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

server.on("stream", (stream, headers) => {
  const [, what, count, size] = String(headers[":path"]).split("/");
  const message = Buffer.alloc(Number(size), 7);
  stream.resume();
  if (what === "listen") {
    crowd.add(stream);
    stream.on("error", () => undefined).once("close", () => crowd.delete(stream));
    return stream.respond({ ":status": 200, "content-type": "application/octet-stream" });
  }
  stream.once("end", () => {
    stream.respond({ ":status": 200, "content-type": "application/octet-stream" });
    if (what === "unary") return void stream.end(message);
    if (what === "shout") return void shout(Number(count), message).then(() => stream.end());
    let left = Number(count);
    const more = () => {
      while (left-- > 0) if (!stream.write(message)) return void stream.once("drain", more);
      stream.end();
    };
    more();
  });
});

listening(server.listen(0, "127.0.0.1"));
