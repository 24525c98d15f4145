/** Somebody else won each time: then whoever asked hears of it. */
const triesMax = 4;
const deadlocked = "40P01";

/** Somebody else was first, and nothing of this may come to pass: it is worth another try. */
export class OvertakenError extends Error {
  override readonly name = "OvertakenError";
}

/**
 * Does it again when PostgreSQL ended it to break a deadlock, or when somebody else was first:
 * nothing of it came to pass, and the other one is through. Only for what changes nothing but the
 * database.
 */
export async function onDeadlockAgain<Result>(act: () => Promise<Result>): Promise<Result> {
  for (let tried = 1; ; tried++) {
    try {
      return await act();
    } catch (error) {
      if (!isPassing(error) || tried >= triesMax) throw error;
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof OvertakenError) return true;
  return error instanceof Error && "code" in error && error.code === deadlocked;
}
