// Gathers other people's .proto files from installed packages into the ignored .third_party module.
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { printProto } from "./print-proto.ts";

const googleProtos = "node_modules/google-gax/build/protos";

const copies: Record<string, string> = {
  "google/api/annotations.proto": `${googleProtos}/google/api/annotations.proto`,
  "google/api/http.proto": `${googleProtos}/google/api/http.proto`,
  "google/rpc/code.proto": `${googleProtos}/google/rpc/code.proto`,
  "google/rpc/error_details.proto": `${googleProtos}/google/rpc/error_details.proto`,
  "google/rpc/status.proto": `${googleProtos}/google/rpc/status.proto`,
  "grpc/health/v1/health.proto": "node_modules/grpc-health-check/proto/health/v1/health.proto",
  "grpc/reflection/v1/reflection.proto":
    "node_modules/@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto",
};

/** Brings the module up to date; the folder is not committed. */
export function gatherThirdParty(root: string): void {
  const target = join(root, ".third_party");
  for (const [name, source] of Object.entries(copies)) {
    write(join(target, name), readFileSync(join(root, source), "utf8"));
  }
  write(join(target, "buf/validate/validate.proto"), printProto(file_buf_validate_validate));
}

/** Leaves an equal file alone: another step of `npm run check` may be reading it. */
function write(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
