import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/field.tsx";
import { Choice } from "./family-menu.tsx";
import { Drop } from "./drop.tsx";
import { momentIn } from "./moment.ts";
import { useEventView } from "./view.ts";

const widthPx = 320;
const textMax = 40;
const spans = ["5m", "15m", "1h", "6h", "1d", "7d"];

/** From when to when something was stored. */
export function TimeMenu() {
  const [{ since, until }] = useEventView();
  const count = [since, until].filter((text) => text !== undefined).length;
  return (
    <Drop count={count} label="Time" widthPx={widthPx}>
      <Times key={`${since ?? ""} ${until ?? ""}`} />
    </Drop>
  );
}

function Times() {
  const [{ since = "", until = "" }, change] = useEventView();
  const [from, setFrom] = useState(since);
  const [to, setTo] = useState(until);
  const wrong = [from, to].some((text) => text !== "" && momentIn(text, 0) === undefined);
  return (
    <form
      className="flex flex-col gap-3 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) change({ since: from || undefined, until: to || undefined });
      }}
    >
      <div className="flex flex-wrap gap-1.5">
        {spans.map((span) => (
          <Choice
            key={span}
            label={`The last ${span}`}
            onClick={() => change({ since: since === span ? undefined : span, until: undefined })}
            pressed={since === span && until === ""}
            word={span}
          />
        ))}
      </div>
      <TextField label="Since" lengthMax={textMax} onChange={setFrom} value={from} />
      <TextField
        hint="Such as 15m, 2026-11-21 or 2026-11-21T09:30Z."
        label="Until"
        lengthMax={textMax}
        onChange={setTo}
        value={to}
      />
      <div>
        <Button {...(wrong && { refusal: "One of them is no time." })} tone="strong" type="submit">
          Show this time
        </Button>
      </div>
    </form>
  );
}
