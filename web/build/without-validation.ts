import type { Plugin } from "vite";

/** FileDescriptorProto { name: "buf/validate/validate.proto", package: "buf.validate" }. */
const emptyFile = "ChtidWYvdmFsaWRhdGUvdmFsaWRhdGUucHJvdG8SDGJ1Zi52YWxpZGF0ZQ==";
const replacement = "\0foedus:validate";

/**
 * The hub validates; the browser need not carry the schema of the rules (13 KB gzip). Options that
 * refer to it stay unknown fields, which nobody reads here.
 */
export function withoutValidation(): Plugin {
  return {
    name: "foedus:without-validation",
    enforce: "pre",
    resolveId(source) {
      return source.endsWith("buf/validate/validate_pb.js") ? replacement : null;
    },
    load(id) {
      if (id !== replacement) return null;
      return [
        'import { fileDesc } from "@bufbuild/protobuf/codegenv2";',
        `export const file_buf_validate_validate = /*@__PURE__*/ fileDesc("${emptyFile}");`,
      ].join("\n");
    },
  };
}
