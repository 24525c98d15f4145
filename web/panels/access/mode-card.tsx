import { AccessMode, type AccessSettings } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { useId, useState } from "react";
import { Card } from "../../parts/card.tsx";
import { useHint } from "../../parts/hint.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Words } from "../../parts/name.tsx";
import { Ago } from "../../parts/time.tsx";
import { useMay } from "../../shell/session.tsx";
import { type ModeLook, modeLook, modeLooks } from "./mode.ts";
import { ModeDialog } from "./mode-dialog.tsx";

/** How newcomers are admitted, and the ways to admit them otherwise. */
export function ModeCard({ settings }: { settings: AccessSettings }) {
  const [wish, setWish] = useState<ModeLook>();
  const may = useMay(AccessService.method.setAccessMode);
  return (
    <Card aside={<LastChange settings={settings} />} title="How newcomers are admitted">
      <div className="p-5">
        <fieldset className="grid gap-3 md:grid-cols-3">
          <legend className="sr-only">Access mode</legend>
          {modeLooks.map((look) => (
            <Choice
              chosen={look.mode === settings.mode}
              key={look.word}
              look={look}
              onChoose={() => setWish(look)}
              {...(may.allowed ? {} : { refusal: may.why })}
            />
          ))}
        </fieldset>
        {settings.mode === AccessMode.UNSPECIFIED && (
          <p className="mt-3 text-sm text-muted">The hub did not say which mode holds.</p>
        )}
        {!may.allowed && <p className="mt-3 text-sm text-muted">{may.why}</p>}
      </div>
      {wish && (
        <ModeDialog
          before={modeLook(settings.mode)}
          key={wish.word}
          onClose={() => setWish(undefined)}
          wish={wish}
        />
      )}
    </Card>
  );
}

function LastChange({ settings }: { settings: AccessSettings }) {
  if (settings.changeTime === undefined) {
    return <span className="text-xs text-muted">the default, never changed</span>;
  }
  return (
    <span className="flex min-w-0 items-baseline gap-1.5 text-xs text-muted">
      <span className="whitespace-nowrap">
        changed <Ago at={settings.changeTime} /> by {settings.changedBy || "somebody"}
      </span>
      {settings.reason && (
        <Words className="line-clamp-1! max-w-md" text={`“${settings.reason}”`} />
      )}
    </span>
  );
}

interface ChoiceProps {
  readonly look: ModeLook;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly refusal?: string;
}

/** A button and no radio: choosing asks first, and the arrows must not choose. */
function Choice({ look, chosen, onChoose, refusal }: ChoiceProps) {
  const idle = refusal !== undefined && !chosen;
  const why = useHint(useId(), idle ? refusal : undefined);
  return (
    <>
      <button
        aria-disabled={idle || undefined}
        aria-pressed={chosen}
        className={`flex flex-col gap-1.5 rounded-xl border p-4 text-left transition-colors duration-quick ${chosen ? "border-accent bg-accent-ground" : "border-line bg-surface hover:border-line-strong"} ${idle ? "cursor-not-allowed" : ""}`}
        onClick={() => {
          if (!idle && !chosen) onChoose();
        }}
        type="button"
        {...why.events}
      >
        <span
          className={`flex items-center gap-2 text-sm font-semibold ${chosen ? "text-accent" : ""}`}
        >
          <Icon name={look.icon} />
          {look.word}
          {chosen && (
            <span className="ml-auto inline-flex items-center gap-1 text-xs font-medium">
              <Icon name="check" size={14} /> in force
            </span>
          )}
        </span>
        <span className={`text-sm ${chosen ? "text-ink" : "text-muted"}`}>{look.meaning}</span>
      </button>
      {why.note}
    </>
  );
}
