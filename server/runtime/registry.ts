import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { MethodImplSpec } from "@connectrpc/connect";
import { createServiceImplSpec } from "@connectrpc/connect";
import type { Service } from "./capability.ts";
import type { Backing, Rpc } from "./guards/rpc.ts";
import { rpcsOf } from "./guards/rpc.ts";
import { warmUp } from "./violation.ts";
import { wrap } from "./wrap/wrap.ts";
import type { WrapKit } from "./wrap/watch.ts";

/** A method that the hub carries out. */
export interface Served {
  readonly rpc: Rpc;
  /** With everything around it. */
  readonly spec: MethodImplSpec;
}

/** What the hub carries out; every door and every ask looks here. */
export interface Registry {
  /**
   * Takes a service in.
   *
   * @throws when one of its methods has no policy, or when it is served already.
   */
  add(service: Service, backing: Backing): void;
  /** Undefined when nobody carries it out. */
  find(method: DescMethod): Served | undefined;
  all(): readonly Served[];
  services(): readonly DescService[];
  /** Calls back after each service that comes. */
  changed(callback: () => void): void;
}

/** An empty registry. */
export function openRegistry(kit: WrapKit): Registry {
  const served = new Map<DescMethod, Served>();
  const services: DescService[] = [];
  const callbacks: (() => void)[] = [];
  return {
    add({ desc, implementation }, backing) {
      if (services.includes(desc)) throw new Error(`${desc.typeName} is served twice`);
      const specs = createServiceImplSpec(desc, implementation).methods;
      for (const rpc of rpcsOf(desc, backing)) {
        const spec = specs[rpc.method.localName];
        warmUp(rpc.method.input);
        if (spec !== undefined) served.set(rpc.method, { rpc, spec: wrap(kit, rpc, spec) });
      }
      services.push(desc);
      for (const callback of callbacks) callback();
    },
    find: (method) => served.get(method),
    all: () => [...served.values()],
    services: () => services,
    changed: (callback) => void callbacks.push(callback),
  };
}
