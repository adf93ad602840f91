/** Turns: in order, never more than may run, and no owner before another who has fewer. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextRound } from 'node:timers/promises'
import { createTurns } from '../../src/datasets/turns.js'

/** Asks for turns and writes down who got one. */
function watch (max: number, perOwner: number) {
  const turns = createTurns(max, perOwner)
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  function ask (name: string, signal?: AbortSignal): Promise<void> {
    return turns.take(name[0]!, signal).then(end => {
      begun.push(name)
      ends.set(name, end)
    })
  }
  async function end (name: string): Promise<void> {
    ends.get(name)!()
    await nextRound()
  }
  return { begun, ask, end }
}

test('createTurns: an owner has no more than its turns, others go before its rest', async () => {
  const { begun, ask, end } = watch(3, 2)
  for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) void ask(name)
  await nextRound()
  assert.deepEqual(begun, ['a1', 'a2', 'b1'])
  await end('b1')
  assert.deepEqual(begun.slice(3), ['b2'], 'b came before c, and both had none')
  await end('a1')
  assert.deepEqual(begun.slice(4), ['c1'], 'a has one, c none')
  await end('a2')
  await end('a2') // a turn ends once
  assert.deepEqual(begun.slice(5), ['a3'])
  await end('b2')
  assert.deepEqual(begun.slice(6), ['a4'])
})

test('createTurns: who does not wait any more gets no turn and takes none', async () => {
  const { begun, ask, end } = watch(1, 1)
  const impatient = new AbortController()
  await ask('a1')
  const waiting = ask('b1', impatient.signal)
  void ask('c1')
  impatient.abort()
  await assert.rejects(waiting, { name: 'AbortError' })
  await assert.rejects(ask('b2', impatient.signal), { name: 'AbortError' })
  await end('a1')
  assert.deepEqual(begun, ['a1', 'c1'])
})
