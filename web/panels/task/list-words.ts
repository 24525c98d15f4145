/** What somebody looks for among tasks: a task itself, a kind, labels. */
export interface ListWish {
  readonly taskId: string | undefined;
  readonly kind: string;
  readonly labels: Readonly<Record<string, string>>;
}

const taskId = /^task_[0-9a-z]{26}$/iu;
/** As many as the hub filters by. */
const labelsMax = 4;

/** Reads "scan.pdf team=sales": the first word is a kind, what has "=" is a label. */
export function listWishIn(words: string): ListWish {
  const all = words.trim().split(/\s+/u).filter(Boolean);
  const pairs = all.flatMap((word) => {
    const at = word.indexOf("=");
    return at > 0 ? [[word.slice(0, at), word.slice(at + 1)] as const] : [];
  });
  const plain = all.filter((word) => word.indexOf("=") <= 0);
  return {
    taskId: all.find((word) => taskId.test(word)),
    kind: plain[0] ?? "",
    labels: Object.fromEntries(pairs.slice(0, labelsMax)),
  };
}
