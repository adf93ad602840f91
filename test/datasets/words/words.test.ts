/** Text as words, words as a vocabulary, and both as tokens that become text again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWordCounter } from '../../../src/datasets/words/counter.js'
import { splitWords } from '../../../src/datasets/words/split-words.js'
import { indexWords, toText, toTokens } from '../../../src/datasets/words/tokens.js'

const lower = { lowerCase: true }

/** Counts texts. */
function count (texts: string[], options: { maxWords?: number } = {}) {
  const counter = createWordCounter({ ...lower, ...options })
  for (const text of texts) counter.add(text)
  return counter
}

test('splitWords: letters, marks and digits of any script, apostrophes within', () => {
  assert.deepEqual(splitWords("Don't stop: it’s 20% off, 'really'!", lower), ["don't", 'stop', "it's", '20', 'off', 'really'])
  assert.deepEqual(splitWords('Größe naïve ЙОД हिन्दी Ελλάς', lower), ['größe', 'naïve', 'йод', 'हिन्दी', 'ελλάς'])
  assert.deepEqual(splitWords('U.S. e-mail snake_case', { lowerCase: false }), ['U', 'S', 'e', 'mail', 'snake', 'case'])
  assert.deepEqual(splitWords(' \n\t…', lower), [])
})

test('splitWords: composed and decomposed letters are one word', () => {
  assert.deepEqual(splitWords('cafe\u0301', lower), splitWords('caf\u00e9', lower))
})

test('splitWords: a script without blanks gives a word a character', () => {
  assert.deepEqual(splitWords('GPU很快, すごい', lower), ['gpu', '很', '快', 'す', 'ご', 'い'])
})

test('createWordCounter: the most frequent words first, equals by the word, rare ones left out', () => {
  const counter = count(['b a c', 'a b', 'a d'])
  assert.deepEqual(counter.choose({ vocabulary: 100, minimumCount: 1 }), ['a', 'b', 'c', 'd'])
  assert.deepEqual(counter.choose({ vocabulary: 100, minimumCount: 2 }), ['a', 'b'])
  assert.deepEqual(counter.choose({ vocabulary: 3, minimumCount: 1 }), ['a'])
  assert.deepEqual(count(['a d', 'a b', 'b a c']).choose({ vocabulary: 100, minimumCount: 1 }), ['a', 'b', 'c', 'd'])
  assert.deepEqual(counter.totals, { texts: 3, words: 7, missed: 0 })
})

test('createWordCounter: names of Object.prototype are words as others', () => {
  assert.deepEqual(count(['constructor __proto__ constructor']).choose({ vocabulary: 9, minimumCount: 1 }), ['constructor', 'proto'])
})

test('createWordCounter: with more words than fit it keeps the frequent ones and says by how much counts may be low', () => {
  const counter = createWordCounter({ ...lower, maxWords: 50 })
  for (let i = 0; i < 2000; i++) counter.add(`often rare${i} ${i % 3 === 0 ? 'sometimes' : ''}`)
  const { missed } = counter.totals
  assert.ok(missed > 0 && missed < 200, `missed must be some 2000 / 45 times, got ${missed}`)
  assert.deepEqual(counter.choose({ vocabulary: 4, minimumCount: 300 }), ['often', 'sometimes'])
  assert.ok(counter.choose({ vocabulary: 1000, minimumCount: 1 }).length <= 50)
})

test('createWordCounter: what is longer than any word has no token', () => {
  assert.deepEqual(count([`${'x'.repeat(101)} ${'y'.repeat(100)}`]).choose({ vocabulary: 9, minimumCount: 1 }), ['y'.repeat(100)])
})

test('findLength: 99 % of the texts fit in, 1 at least, 512 at most', () => {
  const words = (n: number) => Array.from({ length: n }, () => 'w').join(' ')
  assert.equal(count([...Array.from({ length: 99 }, () => words(7)), words(400)]).findLength(), 7)
  assert.equal(count([...Array.from({ length: 98 }, () => words(7)), words(400), words(401)]).findLength(), 400)
  assert.equal(count([words(3000)]).findLength(), 512)
  assert.equal(count(['', '!']).findLength(), 1)
})

test('toTokens, toText: padded at the end, cut, unknown words visible', () => {
  const words = ['the', 'cat', "isn't"]
  const index = indexWords(words)
  const tokens = (text: string, length: number) => toTokens(text, index, { length, ...lower })
  assert.deepEqual(tokens('The cat sat', 5), Int32Array.of(2, 3, 1, 0, 0))
  assert.deepEqual(tokens('the cat, the cat', 3), Int32Array.of(2, 3, 2))
  assert.deepEqual(tokens('', 2), Int32Array.of(0, 0))
  assert.equal(toText(tokens('The cat isn’t here.', 6), words), "the cat isn't [?]")
  assert.deepEqual(toTokens('THE the', index, { length: 2, lowerCase: false }), Int32Array.of(1, 2))
})
