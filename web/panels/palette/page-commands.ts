import { useNavigate, useRouterState } from "@tanstack/react-router";
import { copyText } from "../../parts/copy-text.ts";
import { showOverlay } from "../../shell/overlay.ts";
import { groupKeys } from "../node/group.ts";
import { useWatch } from "../node/nodes.tsx";
import { useOnMap } from "../node/view.ts";
import { commandOf } from "./cli-command.ts";
import type { Command } from "./command.ts";

/** What can be done with the page as it is, and how the map can be looked at. */
export function usePageCommands(): readonly Command[] {
  const { nodes } = useWatch();
  const href = useRouterState({ select: ({ location }) => location.href });
  const typed = commandOf(href, (id) => nodes.get(id)?.name ?? id);
  const copy = async (text: string) => {
    await copyText(text);
    return `Copied: ${text}`;
  };
  return [
    {
      id: "save view",
      group: "This page",
      name: "Save this page as a view",
      words: ["share", "rename", "remove", "views"],
      icon: "view",
      run: () => showOverlay("views"),
    },
    {
      id: "copy command",
      group: "This page",
      name: "Copy the command that shows the same",
      words: ["cli", "terminal", typed ?? ""],
      hint: typed ?? "",
      icon: "copy",
      refusal: typed === undefined ? "No command shows this page." : undefined,
      run: () => copy(typed ?? ""),
    },
    {
      id: "copy address",
      group: "This page",
      name: "Copy the address of this page",
      words: ["link", "url"],
      icon: "copy",
      run: () => copy(location.origin + href),
    },
    ...useMapCommands(),
  ];
}

function useMapCommands(): readonly Command[] {
  const navigate = useNavigate();
  const onMap = useOnMap();
  const show = (change: Readonly<Record<string, string | undefined>>) =>
    void navigate({ to: "/node", search: (now) => ({ ...(onMap && now), ...change }) });
  const command = (
    name: string,
    change: Readonly<Record<string, string | undefined>>,
  ): Command => ({
    id: `map ${name}`,
    group: "Do",
    name,
    words: ["map", "nodes"],
    icon: "view" in change && change["view"] === "table" ? "table" : "map",
    run: () => show(change),
  });
  return [
    command("Show the nodes as a table", { view: "table" }),
    command("Show the nodes as a map", { view: undefined }),
    ...groupKeys.map((key) => command(`Group the map by ${key}`, { group: key, at: undefined })),
    command("Do not group the map", { group: undefined, at: undefined }),
    command("Colour the map by trust", { colour: "trust" }),
    command("Colour the map by state", { colour: undefined }),
  ];
}
