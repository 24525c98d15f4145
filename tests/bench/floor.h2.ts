// A floor: node:http2 over TLS 1.3 with client certificates, opaque bytes and nothing else.
import { createSecureServer } from "node:http2";
import { listening, readMaterial } from "./floor.ts";

const { key, chain, roots } = readMaterial();
const options = { key, cert: chain, ca: roots, requestCert: true, rejectUnauthorized: true };
const server = createSecureServer({ ...options, minVersion: "TLSv1.3" });

server.on("stream", (stream, headers) => {
  const [, what, count, size] = String(headers[":path"]).split("/");
  const message = Buffer.alloc(Number(size), 7);
  stream.resume();
  stream.once("end", () => {
    stream.respond({ ":status": 200, "content-type": "application/octet-stream" });
    if (what === "unary") return void stream.end(message);
    let left = Number(count);
    const more = () => {
      while (left-- > 0) if (!stream.write(message)) return void stream.once("drain", more);
      stream.end();
    };
    more();
  });
});

listening(server.listen(0, "127.0.0.1"));
