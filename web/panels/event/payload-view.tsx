import { FactRow, Facts } from "../../parts/card.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import type { Payload } from "../../parts/families.ts";
import { clip, countText, unknown } from "../../parts/measure.ts";
import { Table } from "../../parts/table.tsx";
import { type PayloadTable, rowsOf } from "./payload-rows.ts";

const jsonMax = 20_000;

/** The payload as the message it is, or its bytes where nobody here knows the family. */
export function PayloadView({ payload, type }: { payload: Payload; type: string }) {
  if (!payload.known) {
    return (
      <div>
        <p className="mb-1 text-xs text-muted">
          {countText(payload.length)} bytes: {payload.why}
        </p>
        <pre className={shape}>{payload.hex || "no bytes"}</pre>
      </div>
    );
  }
  const { facts, tables } = rowsOf(type, payload.message);
  return (
    <div className="flex flex-col gap-3">
      <Facts>
        {facts.map(({ name, text }) => (
          <FactRow key={name} name={name}>
            <bdi className={text === unknown ? "text-muted" : "wrap-anywhere"}>{text}</bdi>
          </FactRow>
        ))}
      </Facts>
      {tables.map((table) => (
        <Rows key={table.name} table={table} />
      ))}
      <details>
        <summary className="cursor-pointer text-xs text-muted">
          As JSON: <code className="font-mono text-2xs">{payload.of}</code>
        </summary>
        <div className="my-1 flex justify-end">
          <CopyButton label="Copy JSON" text={JSON.stringify(payload.json, null, 2)} />
        </div>
        <pre className={shape} dir="auto" tabIndex={0}>
          {clip(JSON.stringify(payload.json, null, 2), jsonMax)}
        </pre>
      </details>
    </div>
  );
}

/** Rows as they came: nothing names one better than its place. */
function Rows({ table }: { table: PayloadTable }) {
  const columns = table.columns.map((title) => ({ key: title, title }));
  return (
    <div className="rounded-lg border border-line">
      <p className="px-5 pt-2 text-xs font-medium text-muted">{table.name}</p>
      <Table caption={table.name} columns={columns}>
        {table.rows.map((row, at) => (
          <tr key={`${at} ${row[0] ?? ""}`}>
            {row.map((text, column) => (
              <td
                className="px-3 py-1.5 align-top text-xs break-all first:pl-5 last:pr-5"
                key={table.columns[column]}
              >
                <bdi>{text}</bdi>
              </td>
            ))}
          </tr>
        ))}
      </Table>
      {table.more > 0 && (
        <p className="px-5 py-2 text-xs text-muted">and {countText(table.more)} more</p>
      )}
    </div>
  );
}

const shape =
  "scrolls max-h-72 rounded-lg border border-line bg-sunken p-3 font-mono text-xs break-all " +
  "whitespace-pre-wrap";
