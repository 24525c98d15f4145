import { hub } from "./capabilities/hub/index.ts";
import type { Capability } from "./runtime/capability.ts";

/** The table of contents of the system, in the order of starting. */
export const capabilities: readonly Capability[] = [hub];
