/** Remembers what it gave last, so that what did not change stays the same object. */
export function keeper<Value>(
  keep: (before: Value | undefined, next: Value) => Value,
): (next: Value) => Value {
  let before: Value | undefined;
  return (next) => {
    before = keep(before, next);
    return before;
  };
}
