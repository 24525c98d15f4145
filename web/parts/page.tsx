import { type ReactNode, useEffect } from "react";

/** The head of a page: what it is, how it stands, and what can be done here. */
export function PageHead(props: { title: string; children?: ReactNode; aside?: ReactNode }) {
  const { title } = props;
  useEffect(() => {
    document.title = `${title} · Foedus`;
  }, [title]);
  return (
    <header className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-surface px-5 py-2">
      <h1
        className="max-w-full truncate text-lg max-sm:grow font-semibold tracking-tight"
        title={title}
      >
        {title}
      </h1>
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-2 max-sm:order-last max-sm:basis-full">
        {props.children}
      </div>
      {props.aside && <div className="max-sm:contents">{props.aside}</div>}
    </header>
  );
}

/** The scrolling body of a page made of cards. */
export function PageBody({ children }: { children: ReactNode }) {
  return (
    <div className="scrolls min-h-0 flex-1 p-5">
      <div className="flex max-w-[90rem] flex-col gap-5">{children}</div>
    </div>
  );
}
