const groupsInRow = 4;

/** A fingerprint in large groups over two lines, so that two people can compare it aloud. */
export function Fingerprint({ text, small = false }: { text: string; small?: boolean }) {
  const groups = text.split("-");
  const rows = [groups.slice(0, groupsInRow), groups.slice(groupsInRow)];
  return (
    <code
      aria-label={`Fingerprint ${groups.join(" ")}`}
      className={`inline-flex flex-col font-mono ${small ? "text-2xs leading-4 text-muted" : "text-base leading-6 font-medium"}`}
      role="img"
      title={text}
    >
      {rows.map((row) => (
        <span className="flex gap-2.5" key={row.join()}>
          {row.map((group, at) => (
            <span key={`${at}${group}`}>{group}</span>
          ))}
        </span>
      ))}
    </code>
  );
}
