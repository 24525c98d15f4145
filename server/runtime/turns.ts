/** Does one thing after the other, in the order asked. */
export type Turns = <T>(act: () => Promise<T>) => Promise<T>;

/**
 * Nobody's turn yet. For decisions that ask another capability before they commit: each holds one
 * connection of the database and waits for a second, so enough of them at once wait for each other.
 */
export function openTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const done = last.then(act, act);
    last = done.catch(() => undefined);
    return done;
  };
}
