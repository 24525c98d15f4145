import { Link } from "@tanstack/react-router";
import { Name } from "./name.tsx";

/** A node by its name; leads to it on the map. */
export function NodeLink(props: { id: string; name: string; className?: string }) {
  const { id, name, className = "max-w-52" } = props;
  return (
    <Link
      className="inline-block max-w-full rounded-sm align-middle font-medium text-accent hover:underline"
      search={{ selected: id }}
      to="/node"
    >
      <Name className={className} text={name} />
    </Link>
  );
}
