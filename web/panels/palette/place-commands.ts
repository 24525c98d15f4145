import type { View } from "@foedus/gen/foedus/person/v1/person_pb.js";
import { useNavigate } from "@tanstack/react-router";
import { pages } from "../../shell/chapters.ts";
import { recentPlaces } from "../../shell/recent.ts";
import { useOpenView, useViews } from "../person/use-views.ts";
import type { Command } from "./command.ts";

/** Where one can go: pages, places of before, saved views. */
export function usePlaceCommands(): readonly Command[] {
  const navigate = useNavigate();
  const { views, address } = useViews();
  const open = useOpenView();
  const recent = recentPlaces().filter(({ href }) => href !== address);
  return [
    ...recent.map(({ href, title }): Command => ({
      id: `recent ${href}`,
      group: "Recent",
      name: title,
      words: [href],
      hint: href,
      icon: "wait",
      run: () => void navigate({ href }),
    })),
    ...pages.map(({ to, title, icon, key }): Command => ({
      id: `page ${to}`,
      group: "Pages",
      name: title,
      words: ["go to", to],
      hint: `g ${key}`,
      icon,
      run: () => void navigate({ to }),
    })),
    ...views.map((view) => viewCommand(view, open)),
  ];
}

function viewCommand(view: View, open: (view: View) => void): Command {
  const { id, name, path, shared } = view;
  return {
    id: `view ${id}`,
    group: "Saved views",
    name,
    words: ["view", path],
    hint: shared ? "shared" : path,
    icon: "view",
    run: () => open(view),
  };
}
