import { type DescMethod, getOption, hasOption } from "@bufbuild/protobuf";
import { Audience, policy, Role } from "@foedus/gen/foedus/options/v1/options_pb.js";

/** Whether a role may call a method, and if not, why. */
export interface Permission {
  readonly allowed: boolean;
  readonly why: string;
}

const roleNames: Readonly<Record<Role, string>> = {
  [Role.UNSPECIFIED]: "no role",
  [Role.OBSERVER]: "observer",
  [Role.MEMBER]: "member",
  [Role.ADMIN]: "admin",
};

/** How people call a role. */
export function roleName(role: Role): string {
  return roleNames[role] ?? "unknown role";
}

/** Reads the policy on the method: the hub judges by the same option, so both say the same. */
export function mayCall(method: DescMethod, role: Role): Permission {
  if (!hasOption(method, policy)) return { allowed: false, why: "This call has no policy." };
  const { audience, leastRole } = getOption(method, policy);
  if (!audience.includes(Audience.PERSON)) {
    return { allowed: false, why: "Only programs may do this, not people." };
  }
  if (role >= leastRole) return { allowed: true, why: "" };
  return {
    allowed: false,
    why: `This needs the role ${roleName(leastRole)}; you are ${roleName(role)}. Ask an admin.`,
  };
}
