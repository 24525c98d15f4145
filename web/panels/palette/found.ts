import { type Command, type Group, groups } from "./command.ts";
import type { NodeCommands } from "./node-commands.ts";
import { rank } from "./rank.ts";

/** One group of what was found. */
export interface FoundGroup {
  readonly group: Group;
  readonly commands: readonly Command[];
  readonly score: number;
}

/** So many of a group while nothing is typed, and while something is. */
const groupMax = 40;

/** What fits what was typed, by group; the group with the best one first. */
export function foundGroups(
  commands: readonly Command[],
  typed: string,
  nodes: NodeCommands,
): readonly FoundGroup[] {
  const found = groups.map((group): FoundGroup => {
    if (group === "Nodes" || group === "About these nodes") {
      const own = nodes.commands.filter((command) => command.group === group);
      // What leads on stands right behind the nodes.
      return { group, commands: own, score: nodes.score };
    }
    const own = commands.filter((command) => command.group === group);
    const { best, score } = rank(own, typed, groupMax);
    return { group, commands: best, score };
  });
  return found
    .filter((one) => one.commands.length > 0)
    .toSorted((one, other) => other.score - one.score);
}
