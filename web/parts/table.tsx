import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

/** One column; a sortable one says how. */
export interface Column {
  readonly key: string;
  readonly title: string;
  readonly right?: boolean;
  readonly sortable?: boolean;
  /** Kept for it, in rem: where figures and times change, the columns beside stay. */
  readonly width?: number;
}

interface TableProps {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly children: ReactNode;
  readonly sort?: { readonly key: string; readonly descending: boolean };
  readonly onSort?: (key: string) => void;
}

/** A table with a caption that only screen readers need. */
export function Table({ caption, columns, children, sort, onSort }: TableProps) {
  return (
    <div aria-label={caption} className="scrolls relative" role="region" tabIndex={0}>
      <table className="w-full border-collapse text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead className="sticky top-0 z-10 bg-surface">
          <tr>
            {columns.map((column) => (
              <Head
                column={column}
                key={column.key}
                {...(onSort && { onSort })}
                {...(sort && { sort })}
              />
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </div>
  );
}

type HeadProps = { readonly column: Column } & Pick<TableProps, "sort" | "onSort">;

function Head({ column, sort, onSort }: HeadProps) {
  const sorted = sort?.key === column.key;
  const order = sort?.descending ? "descending" : "ascending";
  const look = "border-b border-line px-2.5 text-xs font-medium text-muted first:pl-5 last:pr-5";
  const kept = column.width === undefined ? {} : { style: { width: `${column.width}rem` } };
  if (!column.sortable || onSort === undefined) {
    return (
      <th
        className={`${look} h-10 whitespace-nowrap ${column.right ? "text-right" : ""}`}
        scope="col"
        {...kept}
      >
        {column.title || <span className="sr-only">Actions</span>}
      </th>
    );
  }
  return (
    <th aria-sort={sorted ? order : "none"} className={look} scope="col" {...kept}>
      <button
        className={`inline-flex h-10 w-full items-center gap-1 whitespace-nowrap hover:text-ink ${sorted ? "text-ink" : ""} ${column.right ? "justify-end" : ""}`}
        onClick={() => onSort(column.key)}
        type="button"
      >
        {column.title}
        <Icon name={sorted ? (sort.descending ? "down" : "up") : "sort"} size={12} />
      </button>
    </th>
  );
}

/** A cell in the rhythm of the table. */
export function Cell({ children, right = false }: { children: ReactNode; right?: boolean }) {
  return (
    <td className={`h-11 px-2.5 py-1 first:pl-5 last:pr-5 ${right ? "figures text-right" : ""}`}>
      {children}
    </td>
  );
}

/** The cells of a row, in the order of its columns. */
export function Cells(props: { columns: readonly Column[]; children: (key: string) => ReactNode }) {
  return props.columns.map(({ key, right = false }) => (
    <Cell key={key} right={right}>
      {props.children(key)}
    </Cell>
  ));
}
