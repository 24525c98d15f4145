/** Somebody else won each time: then whoever asked hears of it. */
const triesMax = 4;
const deadlocked = "40P01";

/**
 * Does it again when PostgreSQL ended it to break a deadlock: nothing of it came to pass, and the
 * other one is through. Only for what changes nothing but the database.
 */
export async function onDeadlockAgain<Result>(act: () => Promise<Result>): Promise<Result> {
  for (let tried = 1; ; tried++) {
    try {
      return await act();
    } catch (error) {
      if (!isDeadlock(error) || tried >= triesMax) throw error;
    }
  }
}

function isDeadlock(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === deadlocked;
}
