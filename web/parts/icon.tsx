/** Drawn on 16 x 16 with a 1.5 stroke; each state has a shape of its own. */
const paths = {
  online: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M5.2 8.2l2 2 3.7-4.2",
  degraded: "M8 2 14.4 13.4H1.6zM8 6.4v3.1M8 11.5v.1",
  offline: "M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3zM5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2",
  maintenance:
    "M13.9 4.4 11.6 6.7 9.3 6.4 9 4.1l2.3-2.3A4.1 4.1 0 0 0 6.2 7L2.1 11a2 2 0 0 0 2.8 2.8L9 9.8a4.1 4.1 0 0 0 4.9-5.4",
  retired: "M2.2 2.2h11.6v11.6H2.2zM5 8h6",
  hub: "M5.8 4.1a3.9 3.9 0 1 0 0 7.8 3.9 3.9 0 0 0 0-7.8M10.2 4.1a3.9 3.9 0 1 0 0 7.8 3.9 3.9 0 0 0 0-7.8",
  map: "M8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6M3 1.8a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6M13 1.8a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6M8 12.2a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4M4 4l2.6 2.7M12 4 9.4 6.7M8 9.8v2.4",
  table: "M2 3h12v10H2zM2 6.4h12M2 9.7h12M6.4 6.4V13",
  event: "M2 3.5h2M2 8h2M2 12.5h2M6.5 3.5H14M6.5 8H14M6.5 12.5H11",
  identity:
    "M8 1.6 13.4 4v4c0 3.2-2.2 5.4-5.4 6.4C4.8 13.4 2.6 11.2 2.6 8V4zM5.8 7.9l1.6 1.6 2.9-3.2",
  person:
    "M8 2a2.9 2.9 0 1 0 0 5.8A2.9 2.9 0 0 0 8 2M2.4 14c.4-2.9 2.6-4.4 5.6-4.4s5.2 1.5 5.6 4.4",
  task: "M2.2 4.2l1.2 1.2 2.2-2.4M2.2 8.8l1.2 1.2 2.2-2.4M8 4.4h5.8M8 9h5.8M8 13.4h5.8M2.4 13.4h2.8",
  tenant: "M2 14V6.4L6 8.6V6.4l4 2.2V6.4l4 2.2V14zM5 11.4v.1M8 11.4v.1M11 11.4v.1M3 6.8V2.4h2v5.4",
  server: "M2.2 2.4h11.6v4.4H2.2zM2.2 9.2h11.6v4.4H2.2zM5 4.6v.1M5 11.4v.1",
  copy: "M5.6 5.6h8v8h-8zM10.4 5.6V2.4h-8v8h3.2",
  check: "M2.8 8.6 6.2 12l7-7.6",
  close: "M3.4 3.4l9.2 9.2M12.6 3.4l-9.2 9.2",
  seal: "M8 1.6l1.7 1.3 2.1-.1.6 2 1.8 1.2-.8 2 .8 2-1.8 1.2-.6 2-2.1-.1L8 14.4l-1.7-1.3-2.1.1-.6-2L1.8 10l.8-2-.8-2 1.8-1.2.6-2 2.1.100zM5.7 8.1l1.6 1.6 3-3.3",
  search: "M7 2.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6M10.6 10.6 14 14",
  plus: "M8 2.8v10.4M2.8 8h10.4",
  minus: "M2.8 8h10.4",
  fit: "M2.4 5.6V2.4h3.2M10.4 2.4h3.2v3.2M13.6 10.4v3.2h-3.2M5.6 13.6H2.4v-3.2",
  pause: "M5.4 3v10M10.6 3v10",
  play: "M4.6 2.8v10.4L13 8z",
  up: "M8 13V3.4M3.8 7.4 8 3.2l4.2 4.2",
  down: "M8 3v9.6M3.8 8.6 8 12.8l4.2-4.2",
  right: "M6 3.4 10.6 8 6 12.6",
  sort: "M5 6.4 8 3.2l3 3.2M5 9.6l3 3.2 3-3.2",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M12.7 3.3l-1 1M4.3 11.7l-1 1",
  moon: "M13.6 9.6A6 6 0 1 1 6.4 2.4a4.7 4.7 0 0 0 7.2 7.2",
  screen: "M2 2.8h12v8.4H2zM5.6 13.8h4.8",
  wait: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M8 4.6V8l2.4 1.6",
  gap: "M8 1.6v3M8 11.4v3M2 8h2.4M11.6 8H14M5.6 6.4 8 8l2.4 1.6",
  link: "M6.6 9.4 9.4 6.6M7.4 4.4l1.4-1.4a3 3 0 0 1 4.2 4.2l-1.4 1.4M8.6 11.6l-1.4 1.4A3 3 0 0 1 3 8.8l1.4-1.4",
  door: "M3.4 14V2h7.2v12M1.8 14h12.4M8 7.6v.9M10.6 4.4h2v9.6",
  trust: "M1.8 12.6 5.6 8l2.8 2.6 5.8-7.2M10.6 3.2h3.8V7",
  block: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M3.8 3.8l8.4 8.4",
  again: "M13.4 8A5.4 5.4 0 1 1 11.6 4M13.6 1.8v3.4h-3.4",
  sync: "M13.2 6.6A5.4 5.4 0 0 0 3.6 4.8M2.8 9.4a5.4 5.4 0 0 0 9.6 1.8M3.2 2v3.2h3.2M12.8 14v-3.2H9.6",
  trash: "M2.6 4.2h10.8M6 4V2.4h4V4M4 4.4l.6 9.2h6.8l.6-9.2",
  out: "M6.4 2.6H2.6v10.8h3.8M6.4 8h7M10.6 4.8 13.8 8l-3.2 3.2",
  view: "M4 2h8v12L8 10.8 4 14z",
  keys: "M1.6 4h12.8v8H1.6zM4 6.4v.1M6.7 6.4v.1M9.3 6.4v.1M12 6.4v.1M4.6 9.6h6.8",
  warning: "M8 2 14.4 13.4H1.6zM8 6.4v3.1M8 11.5v.1",
} as const;

export type IconName = keyof typeof paths;

/** The drawing itself, for those who paint on a canvas. */
export function iconPath(name: IconName): string {
  return paths[name];
}

/** A small drawing beside a word; it says nothing by itself. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      className="shrink-0"
      fill="none"
      height={size}
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
      strokeWidth={1.5}
      viewBox="0 0 16 16"
      width={size}
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** Two clasped rings: a treaty. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg
      aria-hidden="true"
      className="shrink-0"
      fill="none"
      height={size}
      viewBox="0 0 32 32"
      width={size}
    >
      <rect fill="var(--mark-ground)" height="32" rx="8" width="32" />
      <g strokeLinecap="round" strokeWidth="3.4">
        <path d="M18.9 10.6a6.4 6.4 0 1 0 0 10.8" stroke="var(--mark-one)" />
        <path d="M13.1 21.4a6.4 6.4 0 1 0 0-10.8" stroke="var(--mark-other)" />
      </g>
    </svg>
  );
}
