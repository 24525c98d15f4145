import { type DescMethod, getOption, hasOption } from "@bufbuild/protobuf";
import { Audience, policy, Role } from "@foedus/gen/foedus/options/v1/options_pb.js";

/** Whether a role may call a method, and if not, why. */
export interface Permission {
  readonly allowed: boolean;
  readonly why: string;
}

const allowed: Permission = { allowed: true, why: "" };

const roleNames: Readonly<Record<Role, string>> = {
  [Role.UNSPECIFIED]: "no role",
  [Role.OBSERVER]: "observer",
  [Role.MEMBER]: "member",
  [Role.ADMIN]: "admin",
};

/** The roles to choose from, the usual one first. */
export const roleChoices = [Role.MEMBER, Role.OBSERVER, Role.ADMIN].map((role) => ({
  value: String(role),
  word: roleNames[role],
}));

/** How people call a role. */
export function roleName(role: Role): string {
  return roleNames[role] ?? "unknown role";
}

/**
 * Reads the policy on the method: the hub judges by the same option, so both say the same. Where a
 * rule asks more of people than the policy does of everybody, `floor` says so.
 */
export function mayCall(
  method: DescMethod,
  role: Role,
  floor = Role.UNSPECIFIED,
  operator = false,
): Permission {
  if (!hasOption(method, policy)) return { allowed: false, why: "This call has no policy." };
  const { audience, leastRole } = getOption(method, policy);
  if (audience.includes(Audience.OPERATOR)) {
    return operator ? allowed : { allowed: false, why: "This needs an operator of the hub." };
  }
  if (!audience.includes(Audience.PERSON)) {
    return { allowed: false, why: "Only programs may do this, not people." };
  }
  const needed = leastRole > floor ? leastRole : floor;
  if (role >= needed) return allowed;
  return {
    allowed: false,
    why: `This needs the role ${roleName(needed)}; ${youAre(role)}. Ask an admin.`,
  };
}

/** Who somebody is, to say to them: "you are an observer". */
export function youAre(role: Role): string {
  const name = roleName(role);
  if (role === Role.UNSPECIFIED) return `you have ${name}`;
  return `you are ${/^[aeiou]/u.test(name) ? "an" : "a"} ${name}`;
}
