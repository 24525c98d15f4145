import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { build } from "vite";

/** Where the hub is, and whose session speaks for the page. */
type Hub = { readonly web: string; readonly session: string };

const here = "127.0.0.1";
const calls = /^\/foedus\.sync\.v1\.SyncService\/(Pull|Push)$/;
const policy = "default-src 'self'; style-src 'self'; img-src data:";

/**
 * Serves the page to this machine, and hands its two calls to the hub in the name of this person:
 * the session never reaches the browser, and no other site can use it.
 */
export async function servePage(port: number, hub: () => Hub): Promise<{ url: string }> {
  const files = await bundled();
  const server = createServer((request, response) => {
    const origin = `http://${here}:${(server.address() as AddressInfo).port}`;
    const path = request.url ?? "/";
    if (!isOurs(request, origin)) return void response.writeHead(403).end();
    if (request.method === "POST" && calls.test(path)) {
      return void relay(request, response, hub()).catch(() => response.destroy());
    }
    const file = files.get(path === "/" ? "/index.html" : path);
    if (file === undefined) return void response.writeHead(404).end();
    const headers = { "content-type": file.type, "content-security-policy": policy };
    response.writeHead(200, headers).end(file.content);
  });
  server.listen(port, here);
  await once(server, "listening");
  return { url: `http://${here}:${(server.address() as AddressInfo).port}/` };
}

/** A page of another site that asks in this browser is told nothing. */
function isOurs({ headers }: IncomingMessage, origin: string): boolean {
  const from = headers.origin ?? origin;
  return from === origin && `http://${headers.host ?? ""}` === origin;
}

async function relay(request: IncomingMessage, response: ServerResponse, hub: Hub): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const headers = new Headers({ authorization: `Bearer ${hub.session}` });
  for (const [name, value] of Object.entries(request.headers)) {
    if (/^(content-type|connect-.*)$/.test(name)) headers.set(name, String(value));
  }
  const url = new URL(request.url ?? "/", hub.web);
  const body = await buffer(request);
  const answer = await fetch(url, { method: "POST", headers, body, signal: gone.signal });
  response.writeHead(answer.status, {
    "content-type": answer.headers.get("content-type") ?? "application/octet-stream",
  });
  response.flushHeaders();
  for await (const part of Readable.fromWeb(answer.body as never)) response.write(part);
  response.end();
}

const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};

/** The page as it is served, by path. */
async function bundled(): Promise<Map<string, { type: string; content: string | Uint8Array }>> {
  const result = await build({
    root: join(import.meta.dirname, "page"),
    configFile: false,
    logLevel: "error",
    build: { write: false, target: "es2022", modulePreload: false },
  });
  const { output } = Array.isArray(result) ? (result[0] ?? { output: [] }) : (result as never);
  return new Map(
    (output as { fileName: string; code?: string; source?: string | Uint8Array }[]).map((file) => {
      const type = types[file.fileName.split(".").at(-1) ?? ""] ?? "application/octet-stream";
      return [`/${file.fileName}`, { type, content: file.code ?? file.source ?? "" }];
    }),
  );
}
