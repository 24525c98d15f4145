import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { NodeLink } from "../../parts/node-link.tsx";
import { useWatch } from "../node/nodes.tsx";

const linkShape = "rounded-sm text-accent hover:underline";
const tailLength = 8;

/** The end of an id: enough to tell tasks of one page apart. */
export function shortId(id: string): string {
  return id.length <= tailLength + 1 ? id : `…${id.slice(-tailLength)}`;
}

/** A task by its id; leads to its page. */
export function TaskLink({ id, children }: { id: string; children?: ReactNode }) {
  return (
    <Link
      className={`${linkShape} ${children === undefined ? "font-mono text-xs" : ""}`}
      search={{ task: id }}
      title={id}
      to="/task"
    >
      {children ?? (
        <>
          <span aria-hidden="true">{shortId(id)}</span>
          <span className="sr-only">Task {id}</span>
        </>
      )}
    </Link>
  );
}

/** A queue by its name; leads to its page. */
export function QueueLink({ name }: { name: string }) {
  return (
    <Link
      className={`${linkShape} inline-block max-w-full truncate align-bottom font-medium`}
      search={{ queue: name }}
      title={name}
      to="/task"
    >
      {name}
    </Link>
  );
}

/** A node by what it is called now; leads to it on the map, if it is there. */
export function HolderLink({ nodeId }: { nodeId: string }) {
  const { nodes } = useWatch();
  const name = nodes.get(nodeId)?.name;
  if (name !== undefined) return <NodeLink className="max-w-40" id={nodeId} name={name} />;
  return (
    <span className="font-mono text-xs whitespace-nowrap text-muted" title={nodeId}>
      {nodeText(nodeId)}
    </span>
  );
}

/** A node that is not on the map: the end of its id has to do. */
export function nodeText(nodeId: string): string {
  return nodeId.startsWith("node_") ? `node ${shortId(nodeId)}` : nodeId;
}

const nodeIds = /\bnode_[0-9a-z]{26}\b/gu;

/** Words of the hub with nodes by what they are called. */
export function useNodeWords(): (text: string) => string {
  const { nodes } = useWatch();
  return (text) => text.replaceAll(nodeIds, (id) => nodes.get(id)?.name ?? nodeText(id));
}
