// The conformance suite's schema, read from its Go module: it is neither copied nor generated.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DescMessage, DescService, Message, MessageInitShape } from "@bufbuild/protobuf";
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { goEnvironment } from "../../../tools/third-party/toolchain.ts";

/** The Go module of the suite. */
export const suiteModule = "connectrpc.com/conformance";

/** A header or trailer, as often as it stands there. */
export interface Header {
  readonly name: string;
  readonly value: readonly string[];
}

/** What the suite wants a method to do. */
export interface Definition {
  readonly responseHeaders: readonly Header[];
  readonly responseTrailers: readonly Header[];
  readonly responseDelayMs: number;
  readonly response?: { readonly case?: string; readonly value?: unknown };
  /** Of streams. */
  readonly responseData?: readonly Uint8Array[];
  readonly error?: WantedError;
}

/** An error as the suite describes it. */
export interface WantedError {
  readonly code: number;
  readonly message?: string;
  readonly details: readonly Any[];
}

/** A request of any method of the suite. */
export type SuiteRequest = Message & {
  readonly responseDefinition?: Definition;
  readonly fullDuplex?: boolean;
};

/** The suite's service and messages. */
export interface Suite {
  readonly service: DescService;
  message(name: string): DescMessage;
  read(name: string, bytes: Uint8Array): Message;
  write(name: string, init: MessageInitShape<DescMessage>): Uint8Array;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const imageBytesMax = 16 * 1024 * 1024;

/** Compiles the schema that lies in the module's folder. */
export function openSuite(): Suite {
  const env = goEnvironment();
  const cwd = join(root, "tests/conformance/go");
  const list = ["list", "-m", "-f", "{{.Dir}}", suiteModule];
  const folder = execFileSync("go", list, { cwd, env, encoding: "utf8" }).trim();
  const build = ["build", join(folder, "proto"), "--as-file-descriptor-set", "-o", "-"];
  const image = execFileSync("buf", build, { cwd: root, maxBuffer: imageBytesMax });
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
  const found = <T>(one: T | undefined, name: string): T => {
    if (one === undefined) throw new Error(`the suite has no ${name}`);
    return one;
  };
  const full = (name: string) => `connectrpc.conformance.v1.${name}`;
  const message = (name: string) => found(registry.getMessage(full(name)), name);
  const service = full("ConformanceService");
  return {
    message,
    service: found(registry.getService(service), service),
    read: (name, bytes) => fromBinary(message(name), bytes),
    write: (name, init) => toBinary(message(name), create(message(name), init)),
  };
}
