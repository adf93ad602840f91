/** Contrast weights against their formula, pair by pair. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pixels } from '../../src/datasets/formats/pictures/picture.js'
import { openStream } from '../../src/math/random.js'
import { eachPair } from '../../src/graphcut/energy.js'
import { weighContrast } from '../../src/segmentation/contrast.js'
import { drawPixels } from './pictures.js'

for (const channels of [1, 3] as const) {
  for (const neighbours of [4, 8] as const) {
    test(`weighContrast: ${channels} channels and ${neighbours} neighbours as the formula says`, () => {
      const noise = drawPixels(5, 7, channels, openStream(1, 'picture'))
      check(noise)
      check({ ...noise, data: noise.data.map(value => value % 31) }) // weights of small differences are looked up
    })

    function check (pixels: Pixels): void {
      const at = (p: number): number[] => [...pixels.data.subarray(p * channels, (p + 1) * channels)]
      const square = (p: number, q: number): number => at(p).reduce((sum, value, i) => sum + (value - at(q)[i]!) ** 2, 0)
      const squares: number[] = []
      const shape = { width: 7, height: 5, neighbours }
      eachPair({ shape, weights: new Array<number>(neighbours / 2).fill(0) }, (p, q) => { squares.push(square(p, q)) })
      const own = Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / squares.length)
      for (const sigma of [undefined, 17]) {
        const found = weighContrast(pixels, { neighbours, lambda: 3, ...sigma && { sigma } })
        assert.ok(Math.abs(found.sigma - (sigma ?? own)) < 1e-12 * found.sigma)
        eachPair({ shape, weights: found.weights }, (p, q, weight) => {
          const distance = Math.hypot(p % 7 - q % 7, Math.floor(p / 7) - Math.floor(q / 7))
          const wanted = 3 * Math.exp(-square(p, q) / (2 * (sigma ?? own) ** 2)) / distance
          assert.ok(Math.abs(weight - wanted) <= 1e-12, `${p} ${q}: ${weight} is not ${wanted}`)
        })
      }
    }
  }
}

test('weighContrast: of a picture of one colour all neighbours side by side weigh lambda', () => {
  const { weights, sigma } = weighContrast({ height: 1, width: 3, channels: 1, data: new Uint8Array(3) }, { neighbours: 4, lambda: 2 })
  assert.deepEqual([weights, sigma], [[Float64Array.of(2, 2, 0), new Float64Array(3)], 1])
})
