import { createReadStream } from "node:fs";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream";
import type { HubConfig } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { secretOf } from "../guards/authenticate.ts";
import type { Authenticators } from "../guards/authenticate.ts";
import { foreignPage } from "../guards/origin.ts";
import type { Answer } from "./adapter.ts";
import { isLoopback } from "./address.ts";
import type { AnyRequest, AnyResponse } from "./exchanges.ts";
import { answerText, notFound } from "./fallback.ts";
import type { PageFile } from "./page.files.ts";
import { indexPath } from "./page.files.ts";

/** What the web listener shows besides calls. */
export interface WebPages {
  readonly files: ReadonlyMap<string, PageFile>;
  config(): HubConfig;
  authenticators(): Authenticators;
  /** The meters as Prometheus reads them. */
  meters(): Promise<string>;
  isDraining(): boolean;
}

/** Nothing but our own files runs, and nobody frames or rebases the page. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** Answers the page, `/metrics` and `/healthz`. */
export function answerWeb(pages: WebPages): Answer {
  return (request, response) => {
    const fault = foreignPage(pages.config(), headersOf(request));
    if (fault !== undefined) return answerText(response, 403, `${fault.message}\n`);
    if (request.method !== "GET" && request.method !== "HEAD") return notFound(request, response);
    const path = request.url?.split("?", 1)[0] ?? "/";
    if (path === "/healthz") return answerHealth(pages, response);
    if (path === "/metrics") return void answerMeters(pages, request, response);
    return answerPage(pages, path, request, response);
  };
}

function headersOf(request: AnyRequest) {
  const { headers } = request;
  const text = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
  const site = text(headers["sec-fetch-site"]);
  // A link on another site may lead to the page; the page itself then calls from its own origin.
  const isLink = text(headers["sec-fetch-mode"]) === "navigate";
  return {
    host: "stream" in request ? request.authority : headers.host,
    origin: text(headers.origin),
    site: isLink ? undefined : site,
  };
}

function answerHealth(pages: WebPages, response: AnyResponse): void {
  if (pages.isDraining()) answerText(response, 503, "draining\n");
  else answerText(response, 200, "ok\n");
}

/** Figures tell about load and names of methods: for the machine itself, or somebody signed in. */
async function answerMeters(
  pages: WebPages,
  request: AnyRequest,
  response: AnyResponse,
): Promise<void> {
  try {
    const known =
      isLoopback(request.socket.remoteAddress ?? "") || (await hasSession(pages, request));
    if (known) answerText(response, 200, await pages.meters());
    else answerText(response, 401, "sign in first\n");
  } catch {
    answerText(response, 503, "no figures right now\n");
  }
}

async function hasSession(pages: WebPages, { headers }: AnyRequest): Promise<boolean> {
  const { authorization, cookie } = headers;
  const header = new Headers();
  if (authorization !== undefined) header.set("authorization", authorization);
  if (cookie !== undefined) header.set("cookie", cookie);
  const secret = secretOf(header);
  return secret !== undefined && (await pages.authenticators().person?.(secret)) !== undefined;
}

function answerPage(
  pages: WebPages,
  path: string,
  request: AnyRequest,
  response: AnyResponse,
): void {
  const wantsPage = request.headers.accept?.includes("text/html") === true;
  const file = pages.files.get(path) ?? (wantsPage ? pages.files.get(indexPath) : undefined);
  if (file === undefined) {
    if (!wantsPage) return notFound(request, response);
    return answerText(response, 503, "the page is not built: npm run build --workspace web\n");
  }
  response.setHeader("content-type", file.type);
  response.setHeader("cache-control", file.immutable ? "max-age=31536000, immutable" : "no-cache");
  response.setHeader("content-security-policy", contentPolicy);
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "no-referrer");
  if (request.method === "HEAD") return void response.end();
  // A file that vanished since boot, or a browser that left, ends the answer and nothing else.
  pipeline(createReadStream(file.path), response as Writable, () => undefined);
}
