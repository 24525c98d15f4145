import { crash, runTests, shutDown, startTwice, startUp, type Times } from "./federation.ts";
import type { Clone, Wish } from "./ground.ts";

/** A newcomer's situation, and what must work in it. */
export type Case = Wish & {
  says: string;
  needsRoot?: boolean;
  env?: Record<string, string>;
  check: (clone: Clone, times: Times) => Promise<void>;
};

const asRoot = { ordinary: false, closedHome: false };
const asOrdinary = { ordinary: true, closedHome: false };

/** The first has an empty npm cache; the others share what it filled. */
export const cases: Case[] = [
  {
    ...asRoot,
    name: "root",
    says: "as root, Node 20, empty npm cache",
    needsRoot: true,
    node: 20,
    check: startsAndStops,
  },
  {
    ...asOrdinary,
    name: "ordinary",
    says: "as an ordinary user, Node 22",
    node: 22,
    check: startsAndStops,
  },
  {
    ...asRoot,
    name: "closed-root",
    says: "as root in a closed home, Node 24",
    needsRoot: true,
    closedHome: true,
    node: 24,
    check: startsAndStops,
  },
  {
    ...asOrdinary,
    name: "closed-ordinary",
    says: "as an ordinary user in a closed home, Node 24",
    closedHome: true,
    node: 24,
    check: startsAndStops,
  },
  {
    ...asRoot,
    name: "blocked",
    says: "with install scripts blocked, Node 20",
    node: 20,
    env: { npm_config_ignore_scripts: "true" },
    check: startsAndStops,
  },
  {
    ...asOrdinary,
    name: "twice",
    says: "twice at once in a fresh clone, Node 20",
    node: 20,
    check: async (clone, times) => shutDown(await startTwice(clone, times), clone, times),
  },
  {
    ...asRoot,
    name: "killed",
    says: "after kill -9 of everything, Node 22",
    node: 22,
    async check(clone, times) {
      await crash(await startUp(clone, times), clone, times);
      await shutDown(await startUp(clone, times), clone, times);
    },
  },
  {
    ...asOrdinary,
    name: "test",
    says: "npm test as an ordinary user in a closed home, Node 20",
    closedHome: true,
    node: 20,
    check: runTests,
  },
];

async function startsAndStops(clone: Clone, times: Times): Promise<void> {
  await shutDown(await startUp(clone, times), clone, times);
}
