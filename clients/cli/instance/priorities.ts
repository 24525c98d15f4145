import { headOf, recentCommits } from "./git.ts";

/** What a project works on, as its commits show. */
export interface FolderPriority {
  /** A top folder, or `(root)`. */
  readonly topic: string;
  /** The share of commits that touch it. */
  readonly weight: number;
  /** 1 - 1/sqrt(commits + 1): few commits say little. */
  readonly confidence: number;
}

/** Asked again and again; reads the history anew when it has moved, or aged. */
export interface Priorities {
  of(nowMs: number): Promise<readonly FolderPriority[]>;
}

const windowMs = 30 * 24 * 3_600_000;
const staleMs = 10 * 60_000;
const topicsMax = 16;
const rootTopic = "(root)";

/** The priorities of a folder; none outside of a repository. */
export function openPriorities(folder: string): Priorities {
  let known: readonly FolderPriority[] = [];
  let [knownHead, knownMs] = ["", -Infinity];
  return {
    async of(nowMs) {
      const head = await headOf(folder);
      if (head === undefined) return [];
      if (head === knownHead && nowMs - knownMs < staleMs) return known;
      known = prioritiesOf(await recentCommits(folder, nowMs - windowMs));
      [knownHead, knownMs] = [head, nowMs];
      return known;
    },
  };
}

/** From the paths that each commit touched. */
export function prioritiesOf(commits: readonly (readonly string[])[]): FolderPriority[] {
  const touching = commits.filter((paths) => paths.length > 0);
  const counts = new Map<string, number>();
  for (const paths of touching) {
    for (const topic of new Set(paths.map(topicOf))) {
      counts.set(topic, (counts.get(topic) ?? 0) + 1);
    }
  }
  const confidence = 1 - 1 / Math.sqrt(touching.length + 1);
  return [...counts]
    .map(([topic, count]) => ({ topic, weight: count / touching.length, confidence }))
    .toSorted((one, other) => other.weight - one.weight || (one.topic < other.topic ? -1 : 1))
    .slice(0, topicsMax);
}

function topicOf(path: string): string {
  const [top = "", ...rest] = path.split("/");
  return rest.length === 0 ? rootTopic : top;
}
