import { Button } from "../../parts/button.tsx";
import { Command, CopyButton } from "../../parts/copy.tsx";
import { countText } from "../../parts/measure.ts";
import { replayCommand, tailCommand } from "./as-cli.ts";
import { Drop } from "./drop.tsx";
import type { Row } from "./log.ts";
import type { Names } from "./narrow.ts";
import { ndjsonOf } from "./ndjson.ts";
import { useEventView } from "./view.ts";

const widthPx = 560;

/** Ways to take what is shown somewhere else. */
export function TakeMenu({ rows, names }: { rows: readonly Row[]; names: Names }) {
  return (
    <Drop label="Export" widthPx={widthPx}>
      <Ways names={names} rows={rows} />
    </Drop>
  );
}

function Ways({ rows, names }: { rows: readonly Row[]; names: Names }) {
  const [view] = useEventView();
  const { words, since, until } = view;
  const narrow = words !== "" || since !== undefined || until !== undefined;
  return (
    <div className="flex flex-col gap-4 p-4 text-sm">
      <Way title="The same list in a terminal">
        <Command label="Copy as CLI" text={replayCommand(view)} />
      </Way>
      <Way title="And as it grows">
        <Command text={tailCommand(view)} />
      </Way>
      <Way title="For programs">
        <div className="flex items-center gap-3">
          <Button onClick={() => save("events.ndjson", ndjsonOf(rows, names))}>
            Save as NDJSON
          </Button>
          <span className="text-xs text-muted">
            {countText(rows.length)} rows{narrow && " of what is here"}, one a line, as{" "}
            <code className="font-mono">--output json</code> prints them.
          </span>
        </div>
      </Way>
      <Way title="For people">
        <CopyButton label="Copy link" text={location.href} />
      </Way>
    </div>
  );
}

function Way({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="min-w-0">
      <h3 className="mb-1 text-xs font-semibold text-muted">{title}</h3>
      {children}
    </section>
  );
}

/** Hands a text to the browser as a file. */
function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
