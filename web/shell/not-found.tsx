import { Link } from "@tanstack/react-router";
import { Empty } from "../parts/note.tsx";

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <main>
      <Empty icon="search" title="There is no such page">
        Go back to the{" "}
        <Link className="text-accent underline" to="/node">
          map
        </Link>
        .
      </Empty>
    </main>
  );
}
