import { access } from "./capabilities/access/index.ts";
import { event } from "./capabilities/event/index.ts";
import { hub } from "./capabilities/hub/index.ts";
import { identity } from "./capabilities/identity/index.ts";
import { learning } from "./capabilities/learning/index.ts";
import { link } from "./capabilities/link/index.ts";
import { node } from "./capabilities/node/index.ts";
import { person } from "./capabilities/person/index.ts";
import { sync } from "./capabilities/sync/index.ts";
import { task } from "./capabilities/task/index.ts";
import { tenant } from "./capabilities/tenant/index.ts";
import type { Capability } from "./runtime/capability.ts";

/** The table of contents of the system, in the order of starting. */
export const capabilities: readonly Capability[] = [
  tenant,
  identity,
  access,
  person,
  node,
  link,
  event,
  learning,
  sync,
  task,
  hub,
];
