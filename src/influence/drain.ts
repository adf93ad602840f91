/** Runs a generator that stops between parts to its end. */
export function drain<T> (parts: Generator<void, T>): T {
  for (;;) {
    const { done, value } = parts.next()
    if (done) return value
  }
}
