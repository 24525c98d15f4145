// Written by `npm run gen`. Do not edit.
import type { DescFile } from "@bufbuild/protobuf";

/** Every file of the schema. */
export declare const files: readonly DescFile[];
