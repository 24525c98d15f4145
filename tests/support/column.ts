// A capability of a test that serves what it is given.
import type { DescService } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import type { Capability } from "../../server/runtime/capability.ts";

/** A capability that carries out some methods of a service. */
export function column<Desc extends DescService>(
  desc: Desc,
  implementation: Partial<ServiceImpl<Desc>>,
  tier = Tier.P0,
): Capability {
  const services = [{ desc, implementation: implementation as Partial<ServiceImpl<DescService>> }];
  return { name: "column", tier, start: () => Promise.resolve({ services }) };
}
