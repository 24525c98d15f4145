import { CommandItem } from "cmdk";
import { Icon } from "../../parts/icon.tsx";
import { clip } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import type { Command } from "./command.ts";

interface CommandRowProps {
  readonly command: Command;
  readonly onRun: (command: Command) => void;
}

/** One line of the palette; what one may not do says why. */
export function CommandRow({ command, onRun }: CommandRowProps) {
  const { id, name, hint = "", icon, refusal } = command;
  return (
    <CommandItem
      className="flex min-h-9 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5 text-sm text-ink data-[selected=true]:bg-accent-ground data-[selected=true]:text-accent"
      onSelect={() => onRun(command)}
      value={id}
    >
      <Icon name={refusal === undefined ? icon : "block"} />
      <span className="min-w-0 flex-1">
        <Name className={refusal === undefined ? "" : "line-through"} text={name} />
        {refusal !== undefined && <span className="block text-xs">{refusal}</span>}
      </span>
      {hint !== "" && (
        <bdi className="max-w-[45%] shrink-0 truncate text-xs text-muted" dir="auto">
          {clip(hint, 120)}
        </bdi>
      )}
    </CommandItem>
  );
}
