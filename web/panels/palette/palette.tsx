import { CommandGroup, CommandInput, CommandList, CommandRoot } from "cmdk";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { Dialog } from "../../parts/dialog.tsx";
import { Icon } from "../../parts/icon.tsx";
import { clip, countText } from "../../parts/measure.ts";
import { troubleOf } from "../../parts/trouble.ts";
import { useConnection } from "../../parts/use-live.ts";
import { useNodesLive } from "../node/nodes.tsx";
import { useActCommands } from "./act-commands.ts";
import type { Command } from "./command.ts";
import { CommandRow } from "./command-row.tsx";
import { type FoundGroup, foundGroups } from "./found.ts";
import { type NodeCommands, useNodeCommands } from "./node-commands.ts";
import { usePageCommands } from "./page-commands.ts";
import { usePlaceCommands } from "./place-commands.ts";

/** Everything one can go to or do, by its name. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [said, setSaid] = useState("");
  const input = useRef<HTMLInputElement>(null);
  // The dialog gives the focus to whatever comes first in it, which need not be where one types.
  useEffect(() => input.current?.focus(), []);
  const nodes = useNodeCommands(typed);
  const commands = [...usePlaceCommands(), ...usePageCommands(), ...useActCommands()];
  const found = foundGroups(commands, typed, nodes);
  const run = (command: Command) => {
    if (command.refusal !== undefined) return setSaid(command.refusal);
    // What it opens may lie over the page too.
    const told = command.run();
    if (told === undefined) return onClose();
    Promise.resolve(told).then(setSaid, (error: unknown) => setSaid(troubleOf(error).text));
  };
  return (
    <Dialog bare onClose={onClose} title="Search or run" width="wide">
      <CommandRoot label="Search or run" loop shouldFilter={false} vimBindings={false}>
        <div className="flex items-center gap-3 border-b border-line px-4 text-muted">
          <Icon name="search" />
          <CommandInput
            className="h-13 w-full bg-transparent text-base text-ink outline-none placeholder:text-muted"
            maxLength={200}
            onValueChange={(next) => {
              setTyped(next);
              setSaid("");
            }}
            ref={input}
            placeholder="A page, a node, a view, or what to do"
            value={typed}
          />
        </div>
        <CommandList
          className="scrolls h-[min(28rem,56dvh)] scroll-py-2 p-2 outline-none"
          label="Found"
        >
          {found.map((group) => (
            <FoundRows found={group} key={group.group} nodes={nodes} onRun={run} />
          ))}
          {typed.trim() !== "" && <FindOnMap typed={typed} onClose={onClose} />}
        </CommandList>
      </CommandRoot>
      <Foot found={found} nodes={nodes} said={said} typed={typed} />
    </Dialog>
  );
}

function FoundRows(props: {
  found: FoundGroup;
  nodes: NodeCommands;
  onRun: (command: Command) => void;
}) {
  const { found, nodes, onRun } = props;
  const heading = found.group === "Nodes" ? `Nodes · ${ofAll(nodes)}` : found.group;
  return (
    <CommandGroup
      className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-muted"
      heading={heading}
      value={found.group}
    >
      {found.commands.map((command) => (
        <CommandRow command={command} key={command.id} onRun={onRun} />
      ))}
    </CommandGroup>
  );
}

/** There is always something to choose: what is typed may be looked for among all nodes. */
function FindOnMap({ typed, onClose }: { typed: string; onClose: () => void }) {
  const navigate = useNavigate();
  const words = clip(typed.trim(), 80);
  const command: Command = {
    id: "find on map",
    group: "Do",
    name: `Find “${words}” among the nodes`,
    icon: "search",
    run: () => void navigate({ to: "/node", search: { q: typed.trim(), mode: "find" } }),
  };
  return (
    <CommandRow
      command={command}
      onRun={() => {
        onClose();
        void command.run();
      }}
    />
  );
}

function Foot(props: {
  found: readonly FoundGroup[];
  nodes: NodeCommands;
  said: string;
  typed: string;
}) {
  const { found, nodes, said, typed } = props;
  const { state } = useConnection(useNodesLive());
  const away = state === "offline" || state === "reconnecting";
  const count = found.reduce((sum, { commands }) => sum + commands.length, 0);
  const results = `${countText(count)} ${count === 1 ? "result" : "results"}`;
  const ofNodes = nodes.found > nodes.shown ? `, ${ofAll(nodes)} nodes` : "";
  const hint = `${countText(nodes.all)} nodes: type a name`;
  return (
    <footer className="flex min-h-10 items-center gap-4 border-t border-line px-4 py-2 text-xs text-muted">
      <span className="min-w-0 flex-1 wrap-anywhere" role="status">
        {said || (typed.trim() === "" ? hint : results + ofNodes)}
        {away && " · The hub does not answer; nodes are as of then."}
      </span>
      <span aria-hidden="true" className="flex shrink-0 gap-3 max-sm:hidden">
        <span>↑ ↓ choose</span>
        <span>Enter run</span>
        <span>Esc close</span>
      </span>
    </footer>
  );
}

function ofAll({ shown, found }: NodeCommands): string {
  return found > shown ? `${countText(shown)} of ${countText(found)}` : countText(found);
}
