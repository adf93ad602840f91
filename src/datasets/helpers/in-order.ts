/** Tasks of an upload, done several at a time here and in its helpers, whose answers come in the order of the tasks. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Helper, Helpers } from './helpers.js'

/** What is to be done with each task. */
export interface Work<Task, Answer> {
  /** Does it in this thread. */
  here (task: Task): Answer | Promise<Answer>
  /** Has a helper do it: the answer must be the same. */
  there (task: Task, helper: Helper): Promise<Answer>
  /** whether it takes so much memory that nothing else may be under way */
  isAlone? (task: Task): boolean
}

/** Tasks that are begun ahead here: as many pictures as libvips has threads. */
const AHEAD = 4
/** More of them for each helper: it has two, and one waits to be taken. */
const AHEAD_EACH = 3

interface Begun<Task, Answer> { task: Task, answer: Promise<Answer>, isSettled: boolean }

/**
 * Does tasks as they come. A helper that is free gets the next one; while none is, this thread does one itself, unless the
 * first answer is there.
 * @returns each task with its answer, in order
 * @throws what a task or its source threw, when everything before it was given. Then, and when whoever asks goes away,
 *   nothing is at work any more
 */
export async function * inOrder<Task, Answer> (
  helpers: Helpers | undefined, tasks: AsyncIterable<Task> | Iterable<Task>, work: Work<Task, Answer>
): AsyncGenerator<{ task: Task, answer: Answer }> {
  const coming = iterate(tasks)
  const ahead: Begun<Task, Answer>[] = []
  let end: { error?: unknown } | undefined // of the tasks
  const take = async (): Promise<{ task: Task, answer: Answer }> => {
    const answer = await ahead[0]!.answer
    return { task: ahead.shift()!.task, answer }
  }
  try {
    for (;;) {
      const mayBegin = end === undefined && ahead.length < AHEAD + AHEAD_EACH * (helpers?.count ?? 0)
      const helper = mayBegin ? helpers?.idle() : undefined
      if (helper !== undefined || (mayBegin && ahead[0]?.isSettled !== true)) {
        const next = await coming.next().catch((error: unknown) => ({ error }))
        if ('error' in next || next.done === true) {
          end = 'error' in next ? next : {}
          continue
        }
        const isAlone = work.isAlone?.(next.value) ?? false
        while (isAlone && ahead.length > 0) yield await take()
        ahead.push(begin(work, next.value, isAlone ? undefined : helper))
        await turn() // answers of helpers come in
        if (isAlone) yield await take()
      } else if (ahead.length > 0) yield await take()
      else break
    }
    if (end !== undefined && 'error' in end) throw end.error
  } finally {
    await Promise.allSettled(ahead.map(({ answer }) => answer))
    await coming.return?.(undefined)
  }
}

async function * iterate<Task> (tasks: AsyncIterable<Task> | Iterable<Task>): AsyncGenerator<Task> {
  yield * tasks
}

function begin<Task, Answer> (work: Work<Task, Answer>, task: Task, helper: Helper | undefined): Begun<Task, Answer> {
  const answer = helper === undefined ? (async () => await work.here(task))() : work.there(task, helper)
  const begun = { task, answer, isSettled: false }
  const settle = (): void => { begun.isSettled = true }
  answer.then(settle, settle) // an error is told when its turn comes
  return begun
}
