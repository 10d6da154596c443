/** Repeats `ask` until the value is accepted. The error names what did not happen. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T>,
  accept: (value: T) => boolean,
  withinMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  let last: T | undefined;
  let failure: unknown;
  while (Date.now() < deadline) {
    try {
      last = await ask();
      failure = undefined;
      if (accept(last)) return last;
    } catch (error) {
      failure = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const seen = failure instanceof Error ? failure.message : JSON.stringify(last);
  throw new Error(`Within ${withinMs} ms it did not happen that ${what}; last seen: ${seen}`);
}
