import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { readDimacs, writeDimacs } from '../../src/graphcut/dimacs.js'
import { cutGraph, type FlowGraph } from '../../src/graphcut/graph.js'
import { createGridCut, ways } from '../../src/graphcut/grid.js'
import { openStream } from '../../src/math/random.js'
import { projectRoot } from '../../src/paths.js'
import { capacityOfCut, flowOf } from './brute-force.js'

/** Source 1 and sink 2 of the text are 0 and 1 here. */
const graph = (nodes: number, arcs: [number, number, number][]): FlowGraph => ({
  nodes,
  source: 0,
  sink: 1,
  from: arcs.map(([from]) => from - 1),
  to: arcs.map(([, to]) => to - 1),
  capacities: arcs.map(([, , capacity]) => capacity)
})

const fans = (last: number): FlowGraph => graph(8, [3, 4, 5].flatMap(node =>
  [[1, node, 0.1], ...[6, 7, 8].map(other => [node, other, 1]), [node + 3, 2, last]] as [number, number, number][]))

test('cutGraph: arcs of capacity 0 let nothing through, and fractions add up as they are written', () => {
  assert.equal(cutGraph(fans(0)).flow, 0)
  assert.ok(Math.abs(cutGraph(fans(0.05)).flow - 0.15) < 1e-15)
})

test('cutGraph: a seed of 1e18, or of Infinity, swallows no arc of 1 beside it', () => {
  for (const seed of [1e18, Infinity]) {
    const seeded = graph(5, [[1, 3, seed], [3, 4, 1], [3, 5, 1], [4, 5, 0.25], [5, 2, seed], [4, 2, 0.5]])
    const { flow, sides } = cutGraph(seeded)
    assert.equal(flow, 1.75)
    assert.equal(capacityOfCut(seeded, sides), 1.75)
  }
})

test('cutGraph: what is no graph is refused with the arc that is wrong', () => {
  assert.throws(() => cutGraph(graph(3, [[1, 9, 1]])), { name: 'RangeError', message: 'arc 0 must join two nodes 0 .. 2, got 0 and 8' })
  assert.throws(() => cutGraph(graph(4, [[1, 3, 1], [3, 4, -1]])), { message: 'capacity of arc 1 must be a number >= 0, and finite between inner nodes, got -1' })
  assert.throws(() => cutGraph(graph(4, [[3, 4, Infinity]])), { message: /finite between inner nodes, got Infinity/ })
  assert.throws(() => cutGraph(graph(3, [[1, 3, Infinity], [3, 2, Infinity]])), { message: /infinite capacity alone/ })
  assert.throws(() => cutGraph({ ...graph(3, []), sink: 0 }), { message: /two nodes/ })
})

test('cutGraph: random graphs with loops and double arcs: flows are those of shortest augmenting paths, and what is cut', () => {
  const stream = openStream(1, 'graphs')
  for (let round = 0; round < 300; round++) {
    const nodes = 2 + stream.integer(12)
    const isWhole = stream.uniform() < 0.5
    const arcs = Array.from({ length: stream.integer(4 * nodes) }, (): [number, number, number] =>
      [1 + stream.integer(nodes), 1 + stream.integer(nodes), isWhole ? stream.integer(10) : stream.uniform()])
    const one = graph(nodes, arcs)
    const { flow, sides } = cutGraph(one)
    assert.ok(Math.abs(flow - flowOf(one)) < 1e-9, `${flow} in round ${round}`)
    assert.ok(Math.abs(flow - capacityOfCut(one, sides)) < 1e-9, `round ${round}`)
  }
})

test('createGridCut: grids have the cuts of the same graphs, and a second cut of one memory its own', () => {
  const stream = openStream(1, 'grids')
  for (let round = 0; round < 60; round++) {
    const [width, height] = [1 + stream.integer(12), 1 + stream.integer(7)]
    const neighbours = stream.uniform() < 0.5 ? 4 : 8
    const pixels = width * height
    const cut = createGridCut({ width, height, neighbours })
    for (let again = 0; again < 2; again++) {
      const draw = () => Float64Array.from({ length: pixels }, () => stream.integer(6))
      const [source, sink] = [draw(), draw()]
      source[0] = Infinity
      cut.setTerminals(source, sink)
      const arcs: [number, number, number][] = []
      for (let p = 0; p < pixels; p++) arcs.push([1, p + 3, source[p]!], [p + 3, 2, sink[p]!])
      for (let way = 0; way < neighbours / 2; way++) {
        const [there, back] = [draw(), draw()]
        cut.setArcs(way, there, back)
        for (let p = 0; p < pixels; p++) {
          const { x: right, y: down } = ways[way]!
          const [x, y] = [p % width + right, Math.floor(p / width) + down]
          if (x >= 0 && x < width && y < height) arcs.push([p + 3, y * width + x + 3, there[p]!], [y * width + x + 3, p + 3, back[p]!])
        }
      }
      const expected = cutGraph(graph(pixels + 2, arcs))
      const sides = new Uint8Array(pixels)
      assert.equal(cut.solve(), expected.flow)
      cut.readSides(sides)
      assert.deepEqual(sides, expected.sides.subarray(2))
    }
  }
})

test('createGridCut: sizes, ways and capacities that are none are refused with the pixel', () => {
  assert.throws(() => createGridCut({ width: 0, height: 3, neighbours: 4 }), { message: /must have 1 to \d+ pixels, got 0 x 3/ })
  const cut = createGridCut({ width: 2, height: 1, neighbours: 4 })
  assert.throws(() => { cut.setTerminals([0, Infinity], [0, Infinity]) }, { message: /^terminals of pixel 1 .*got Infinity and Infinity/ })
  cut.setTerminals([1, 1], [0, 2])
  cut.setArcs(0, NaN)
  assert.throws(() => cut.solve(), { message: /^arcs right of pixel 0 must be finite numbers >= 0, got NaN/ })
  assert.throws(() => { cut.setArcs(2, 1) }, { message: 'way must be 0 .. 1, got 2' })
})

test('readDimacs reads what writeDimacs writes, and names the line that is none', () => {
  const one = fans(0.05)
  assert.deepEqual(readDimacs(writeDimacs(one)), one)
  for (const [text, message] of [
    ['p max 2 1\nn 1 s\nn 2 t\na 1 3 1\n', /^line 4 must have nodes 1 \.\. 2, got "a 1 3 1"/],
    ['p max 2 1\nn 1 s\nn 2 t\na 1 2 x\n', /^line 4 must be a FROM TO CAPACITY/],
    ['p min 2 1\n', /^line 1 must be p max NODES ARCS/],
    ['p max 2 2\nn 1 s\nn 2 t\na 1 2 1\n', /must have the 2 arcs that its line p says, got 1/],
    ['c nothing\n', /must have a line p max/],
    ['p max 2 0\nn 1 s\n', /got no sink/],
    ['p max 2 0\nq\n', /^line 2 must begin with c, p, n or a/]
  ] as const) assert.throws(() => readDimacs(text), { name: 'RangeError', message })
})

const folder = path.resolve(projectRoot, '../shared/data/graphcut')

test('cutGraph: published and derived instances have their flows, and their cuts are as large', { skip: existsSync(folder) ? false : `there is no ${folder}` }, () => {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as { file: string, max_flow: number }[]
  for (const { file, max_flow: expected } of manifest) {
    const instance = readDimacs(gunzipSync(readFileSync(path.join(folder, file))).toString())
    const { flow, sides } = cutGraph(instance)
    assert.equal(flow, expected, file)
    assert.equal(capacityOfCut(instance, sides), expected, file)
  }
})
