import { Link } from "@tanstack/react-router";
import { WaitingCount } from "../panels/access/waiting-count.tsx";
import { Icon, Mark } from "../parts/icon.tsx";
import { Name } from "../parts/name.tsx";
import { chapters, type Entry } from "./chapters.ts";
import { useSession } from "./session.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";
import { KeysTool, Tools } from "./tools.tsx";

/** The chapters of the platform, as far as they are built. */
export function Navigation() {
  const { tenant, trustDomain } = useSession();
  return (
    <nav
      aria-label="Chapters"
      className="relative flex shrink-0 gap-1 border-line bg-surface max-lg:items-center max-lg:overflow-x-auto max-lg:border-b max-lg:px-2 max-lg:py-1.5 lg:scrolls lg:w-52 lg:flex-col lg:overflow-y-auto lg:border-r lg:p-3"
    >
      <Link className="flex items-center gap-2.5 rounded-lg px-1.5 py-1 lg:mb-3" to="/node">
        <Mark size={28} />
        <span className="min-w-0 max-lg:sr-only">
          <span className="block text-base leading-tight font-semibold tracking-tight">Foedus</span>
          <Name className="text-2xs text-muted" text={`${tenant} · ${trustDomain}`} />
        </span>
      </Link>
      <Tools />
      {chapters.map((chapter) => (
        <section className="lg:mb-2" key={chapter.name}>
          <h2 className="px-2 pb-1 text-2xs font-medium tracking-wide text-muted max-lg:sr-only">
            {chapter.name}
          </h2>
          <ul className="flex gap-0.5 lg:flex-col">
            {chapter.entries.map((entry) => (
              <li key={entry.to}>
                <EntryLink entry={entry} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      <div className="ml-auto flex gap-1 lg:mt-auto lg:ml-0 lg:flex-col">
        <KeysTool />
        <ThemeSwitch />
        <Link
          className="rounded-sm px-2 text-2xs text-muted hover:text-ink max-lg:hidden"
          title="What this app is made of"
          to="/parts"
        >
          Parts
        </Link>
      </div>
    </nav>
  );
}

function EntryLink({ entry }: { entry: Entry }) {
  return (
    <Link
      activeProps={{ className: "bg-accent-ground text-accent" }}
      className="flex h-8 items-center gap-2.5 rounded-lg px-2 text-sm font-medium"
      inactiveProps={{ className: "text-muted hover:bg-sunken hover:text-ink" }}
      to={entry.to}
    >
      <Icon name={entry.icon} />
      {entry.title}
      {entry.to === "/access" && <WaitingCount />}
    </Link>
  );
}
