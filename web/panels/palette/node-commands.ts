import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { clip } from "../../parts/measure.ts";
import { useWatch } from "../node/nodes.tsx";
import { lookOf } from "../node/state.ts";
import { useOnMap } from "../node/view.ts";
import type { Command } from "./command.ts";
import { nodeWish, type Relation, relations } from "./node-wish.ts";
import { rank } from "./rank.ts";

/** More than that is not looked through; one types another letter. */
const nodesShownMax = 20;
/** Of the best few, what leads on from them. */
const relatedMax = 3;

/** The nodes that fit what was typed, and how many there are. */
export interface NodeCommands {
  readonly commands: readonly Command[];
  readonly shown: number;
  readonly found: number;
  readonly all: number;
  readonly score: number;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Nodes by name, and what leads on from the best ones; none while nothing is typed. */
export function useNodeCommands(typed: string): NodeCommands {
  const { members, nodes } = useWatch();
  const { open, related } = useNodeActs();
  // Names come and go with their nodes: heartbeats do not have them ranked again.
  const named = useMemo(
    () => members.flatMap(({ id }) => namedNode(nodes.get(id))),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the same as long as nobody comes.
    [members],
  );
  const { name, relation } = nodeWish(typed);
  const { best, found, score } = useMemo(
    () => rank(name.trim() === "" ? [] : named, name, nodesShownMax),
    [named, name],
  );
  const commands =
    relation === undefined
      ? [
          ...best.map((node) => open(node, nodes.get(node.id))),
          ...best
            .slice(0, relatedMax)
            .flatMap((node) => relations.map((each) => related(node, each))),
        ]
      : best.map((node) => related(node, relation));
  return { commands, shown: best.length, found, all: named.length, score };
}

function useNodeActs() {
  const navigate = useNavigate();
  const onMap = useOnMap();
  const leads = {
    events: {
      words: "Events of",
      icon: "event",
      run: ({ id }: Named) => void navigate({ to: "/event", search: { source: id } }),
    },
    links: {
      words: "Links of",
      icon: "link",
      run: ({ name }: Named) => void navigate({ to: "/link", search: { q: name } }),
    },
    trust: {
      words: "Trust in",
      icon: "trust",
      run: ({ id }: Named) => void navigate({ to: "/learning", search: { selected: id } }),
    },
  } as const;
  const related = (node: Named, relation: Relation): Command => {
    const { words, icon, run } = leads[relation];
    return {
      id: `${relation} ${node.id}`,
      group: "About these nodes",
      name: `${words} ${clip(node.name, 60)}`,
      icon,
      run: () => run(node),
    };
  };
  const open = ({ id, name }: Named, node: Node | undefined): Command => {
    const look = lookOf(node?.state ?? 0);
    const search = { selected: id, tie: undefined };
    return {
      id: `node ${id}`,
      group: "Nodes",
      name,
      hint: look.word,
      icon: look.icon,
      run: () =>
        void navigate({ to: "/node", search: (now) => ({ ...(onMap && now), ...search }) }),
    };
  };
  return { open, related };
}

function namedNode(node: Node | undefined): Named[] {
  return node === undefined ? [] : [{ id: node.id, name: node.name }];
}
