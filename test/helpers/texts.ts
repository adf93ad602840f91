/** A small data set of texts with classes, made on the spot: two topics with words of their own among common ones. */
import type { Dataset, Split } from '../../src/datasets/dataset.js'
import { openStream } from '../../src/math/random.js'

const common = ['the', 'of', 'and', 'a', 'to', 'in', 'is', 'was', 'for', 'on']
const topics = [['goal', 'match', 'team', 'coach', 'league', 'score'], ['shares', 'profit', 'market', 'bank', 'trade', 'price']]
const words = [...common, ...topics.flat()]
const LENGTH = 12

/** Makes it: each text has 6 to 12 words, two or three of its topic. */
export function makeTexts ({ train, test }: { train: number, test: number }): Dataset {
  const split = (name: string, count: number): Split => {
    const stream = openStream(1, `texts ${name}`)
    const inputs = new Int32Array(count * LENGTH)
    const target = Int32Array.from({ length: count }, (_, i) => i % topics.length)
    target.forEach((topic, i) => {
      const length = 6 + stream.integer(LENGTH - 5)
      for (let at = 0; at < length; at++) {
        const word = at % 4 === 0 ? topics[topic]![stream.integer(6)]! : common[stream.integer(common.length)]!
        inputs[i * LENGTH + at] = words.indexOf(word) + 2
      }
    })
    return { count, arrays: { inputs, target } }
  }
  return {
    id: 'texts',
    fields: {
      inputs: { type: 'tokens', shape: [LENGTH], vocabulary: words.length + 2, text: { columns: ['text'], lowerCase: true } },
      target: { type: 'classes', names: ['sport', 'business'] }
    },
    counts: { train, test },
    words,
    train: split('train', train),
    test: split('test', test)
  }
}
